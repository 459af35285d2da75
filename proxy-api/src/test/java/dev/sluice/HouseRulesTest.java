package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The rules of the house that can be seen in the classes, so that nobody has to remember them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseRulesTest {
    private static final int MOST_PARAMETERS = 5;
    private static final Set<String> PROPERTY_READERS =
            Set.of("getProperty", "getProperties", "getBoolean", "getInteger", "getLong");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.sluice");

    @Test
    void packagesImportOneWay() {
        slices().matching("dev.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void theApiDependsOnNothingButTheJdkAndItsAnnotations() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.sluice", "java..", "org.jspecify.annotations")
                .check(classes);
    }

    @Test
    void aNameSaysWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching("(.*[.$])?(Abstract|Base)[A-Z].*|.*(Impl|Manager|Helper|Utils?)")
                .orShould()
                .resideInAnyPackage("dev.sluice..util..", "dev.sluice..common..", "dev.sluice..impl..")
                .check(classes);
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
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .check(classes);
    }

    private static boolean inheritsNoClass(JavaClass type) {
        return type.getRawSuperclass()
                .map(parent -> parent.isEquivalentTo(Object.class))
                .orElse(true);
    }

    @Test
    void nothingStaticCanChange() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .andShould()
                .haveRawType(describe("that is immutable", HouseRulesTest::isImmutable))
                .check(classes);
    }

    private static boolean isImmutable(JavaClass type) {
        return type.isPrimitive()
                || type.isEnum()
                || type.isEquivalentTo(String.class)
                || type.isEquivalentTo(Duration.class);
    }

    @Test
    void nothingReadsASystemProperty() {
        noClasses()
                .should(callMethodWhere(describe("a system property is read", HouseRulesTest::readsProperty)))
                .check(classes);
    }

    private static boolean readsProperty(JavaMethodCall call) {
        return call.getTargetOwner().getPackageName().equals("java.lang") && PROPERTY_READERS.contains(call.getName());
    }

    @Test
    void nothingTakesMoreThanFiveParameters() {
        codeUnits()
                .that()
                .areDeclaredInClassesThat()
                .areNotRecords()
                .should(be(describe("within " + MOST_PARAMETERS + " parameters", HouseRulesTest::takesFew)))
                .check(classes);
    }

    private static boolean takesFew(JavaCodeUnit unit) {
        return unit.getRawParameterTypes().size() <= MOST_PARAMETERS;
    }
}
