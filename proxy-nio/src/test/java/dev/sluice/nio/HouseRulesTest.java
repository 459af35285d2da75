package dev.sluice.nio;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.nio.loop.Clock;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;

/** The rules of the house that can be seen in the classes of API and engine, so that nobody has to remember them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseRulesTest {
    private static final int MOST_PARAMETERS = 5;
    private static final Set<String> PROPERTY_READERS =
            Set.of("getProperty", "getProperties", "getBoolean", "getInteger", "getLong");
    private static final Set<Class<?>> IMMUTABLE = Set.of(
            String.class,
            Duration.class,
            Pattern.class,
            Path.class,
            Logger.class,
            VarHandle.class,
            AtomicLongFieldUpdater.class);

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.sluice");

    private final JavaClasses engine = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.sluice.nio");

    @Test
    void packagesImportOneWay() {
        slices().matching("dev.(**)").should().beFreeOfCycles().check(all);
    }

    @Test
    void theEngineIsBuiltInLayers() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.sluice.nio..")
                .layer("server")
                .definedBy("dev.sluice.nio")
                .layer("tcp")
                .definedBy("dev.sluice.nio.tcp")
                .layer("udp")
                .definedBy("dev.sluice.nio.udp")
                .layer("route")
                .definedBy("dev.sluice.nio.route")
                .layer("upstream")
                .definedBy("dev.sluice.nio.upstream")
                .layer("fault")
                .definedBy("dev.sluice.nio.fault")
                .layer("worker")
                .definedBy("dev.sluice.nio.worker")
                .layer("ground")
                .definedBy(
                        "dev.sluice.nio.loop",
                        "dev.sluice.nio.header",
                        "dev.sluice.nio.buffer",
                        "dev.sluice.nio.socket",
                        "dev.sluice.nio.observe")
                .whereLayer("server")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("tcp")
                .mayOnlyBeAccessedByLayers("server")
                .whereLayer("udp")
                .mayOnlyBeAccessedByLayers("server")
                .whereLayer("route")
                .mayOnlyBeAccessedByLayers("server", "tcp", "udp")
                .whereLayer("upstream")
                .mayOnlyBeAccessedByLayers("server", "tcp", "udp", "route")
                .whereLayer("fault")
                .mayOnlyBeAccessedByLayers("server", "tcp", "udp", "route")
                .whereLayer("worker")
                .mayOnlyBeAccessedByLayers("server", "tcp", "udp", "route", "upstream", "fault")
                .check(engine);
    }

    @Test
    void theGroundFloorKnowsOnlyTheApi() {
        for (String room : Set.of("loop", "buffer", "header", "socket", "observe")) {
            classes()
                    .that()
                    .resideInAPackage("dev.sluice.nio." + room)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.sluice.nio." + room, "dev.sluice", "java..", "jdk.net", "org.slf4j", "org.jctools..")
                    .check(engine);
        }
    }

    @Test
    void theEngineDependsOnSlf4jAndJctoolsAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.sluice..", "java..", "jdk.net", "org.slf4j", "org.jctools.queues.atomic")
                .check(engine);
    }

    @Test
    void aNameSaysWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching("(.*[.$])?(Abstract|Base)[A-Z].*|.*(Impl|Manager|Helper|Utils?)")
                .orShould()
                .resideInAnyPackage("dev.sluice..util..", "dev.sluice..common..", "dev.sluice..impl..")
                .check(all);
    }

    @Test
    void onlyInterfacesAreInherited() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotRecords()
                .should(be(describe("directly below Object", HouseRulesTest::inheritsNoClass)))
                .check(all);
    }

    private static boolean inheritsNoClass(JavaClass type) {
        return type.getRawSuperclass()
                .map(parent -> parent.isEquivalentTo(Object.class) || parent.isEnum())
                .orElse(true);
    }

    @Test
    void nothingStaticCanChange() {
        fields().that()
                .areStatic()
                .and()
                .areNotDeclaredIn("module-info")
                .should()
                .beFinal()
                .andShould()
                .haveRawType(describe("that is immutable", HouseRulesTest::isImmutable))
                .check(all);
    }

    private static boolean isImmutable(JavaClass type) {
        boolean made = type.isArray(); // by the compiler, for enums and switches; none of ours is one
        return made || type.isPrimitive() || type.isEnum() || IMMUTABLE.stream().anyMatch(type::isEquivalentTo);
    }

    @Test
    void nothingReadsASystemProperty() {
        noClasses()
                .should(callMethodWhere(describe("a system property is read", HouseRulesTest::readsProperty)))
                .check(all);
    }

    private static boolean readsProperty(JavaMethodCall call) {
        return call.getTargetOwner().getPackageName().equals("java.lang") && PROPERTY_READERS.contains(call.getName());
    }

    @Test
    void timeComesFromTheClockAlone() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(Clock.class)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(engine);
    }

    @Test
    void nothingTakesMoreThanFiveParameters() {
        codeUnits()
                .that()
                .areDeclaredInClassesThat()
                .areNotRecords()
                .should(be(describe("within " + MOST_PARAMETERS + " parameters", HouseRulesTest::takesFew)))
                .check(all);
    }

    private static boolean takesFew(JavaCodeUnit unit) {
        boolean made = unit.getName().startsWith("lambda$"); // what it captures counts as parameters there
        return made || unit.getRawParameterTypes().size() <= MOST_PARAMETERS;
    }
}
