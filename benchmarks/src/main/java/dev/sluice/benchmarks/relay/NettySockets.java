package dev.sluice.benchmarks.relay;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The two ways in which Netty reaches sockets here. */
enum NettySockets {
    NIO {
        @Override
        IoHandlerFactory ioHandler() {
            return NioIoHandler.newFactory();
        }

        @Override
        Class<? extends ServerChannel> tcpListener() {
            return NioServerSocketChannel.class;
        }

        @Override
        Class<? extends SocketChannel> tcp() {
            return NioSocketChannel.class;
        }

        @Override
        Class<? extends DatagramChannel> udp() {
            return NioDatagramChannel.class;
        }
    },
    EPOLL {
        @Override
        IoHandlerFactory ioHandler() {
            return EpollIoHandler.newFactory();
        }

        @Override
        Class<? extends ServerChannel> tcpListener() {
            return EpollServerSocketChannel.class;
        }

        @Override
        Class<? extends SocketChannel> tcp() {
            return EpollSocketChannel.class;
        }

        @Override
        Class<? extends DatagramChannel> udp() {
            return EpollDatagramChannel.class;
        }
    };

    abstract IoHandlerFactory ioHandler();

    abstract Class<? extends ServerChannel> tcpListener();

    abstract Class<? extends SocketChannel> tcp();

    abstract Class<? extends DatagramChannel> udp();
}
