package org.cardcage.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoomsTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .importPackages("org.cardcage")
            .that(describe("are not this test", type -> !type.getPackageName().equals("org.cardcage.architecture")));

    /** What marks a class for the build and does nothing at run time. */
    private static final DescribedPredicate<JavaClass> ANNOTATIONS = resideInAnyPackage(
            "org.osgi.annotation..",
            "org.osgi.service.component.annotations..",
            "org.osgi.service.metatype.annotations..");

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(HOUSE);
    }

    @Test
    void everyClassIsInARoom() {
        check(classes()
                .should(be(
                        describe("in a room", (JavaClass type) -> Room.of(type).isPresent()))));
    }

    @ParameterizedTest
    @EnumSource
    void aRoomImportsOnlyWhatItMay(Room room) {
        check(classes()
                .that()
                .resideInAPackage(room.root() + "..")
                .should()
                .onlyDependOnClassesThat(
                        describe("are exported by " + room.mayImport() + " or free for " + room, room::mayUse)));
    }

    @Test
    void theCoreIsPlainJava() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("..osgi..", Room.KMOD.root() + "..", Room.SHELL.root() + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.osgi..").and(DescribedPredicate.not(ANNOTATIONS))));
    }

    @Test
    void nothingStaticChanges() {
        check(noFields().that().areStatic().should().notBeFinal());
    }

    @Test
    void onlyTheShellPrints() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(Room.SHELL.root() + "..")
                .should(ACCESS_STANDARD_STREAMS));
    }
}
