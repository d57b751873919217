package org.cardcage.itests.stubborn;

/** Nothing refers to it before a hung call goes on, so that its loading shows whether the module's classes still load. */
final class LateClass {

    private LateClass() {}

    static String greeting() {
        return "late class";
    }
}
