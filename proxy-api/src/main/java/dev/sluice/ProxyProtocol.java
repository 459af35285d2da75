package dev.sluice;

/**
 * A version of the PROXY protocol, by which a proxy tells the next server whom it speaks for, in a header before all
 * else. Specified in HAProxy's <i>proxy-protocol.txt</i>.
 */
public enum ProxyProtocol {
    /** A line of text: addresses and ports, of TCP only. */
    V1,
    /** Binary: addresses and ports, of TCP or UDP, and {@linkplain Tlv what is added}. */
    V2
}
