package org.cardcage.board.internal;

/** What an access arrives at. */
sealed interface Target permits Window, Target.Host {

    /** What is not behind a BAR. */
    enum Host implements Target {
        RAM,
        MESSAGES,
        NOTHING
    }
}
