package org.cardcage.shell.internal.command;

import java.util.List;

/** Commands for tests of the shell itself. */
public final class CommandSetForTests {

    private CommandSetForTests() {}

    /** Some that need no more than a tree, in which there is a file {@code /full}. */
    public static List<Command> simple() {
        FakeTree tree = new FakeTree();
        tree.file("/full", new byte[1]);
        return List.of(new Cat(tree), new Echo(), new TestCommand(tree), new NotFound(tree));
    }
}
