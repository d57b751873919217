package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.cardcage.vfs.Credentials;

/** {@code su} and {@code id}: who commands run as. There are two users, and no passwords. */
final class UserCommands {

    private static final String ROOT = "root";
    private static final Map<String, Credentials> USERS =
            Map.of(ROOT, Credentials.ROOT, "nobody", new Credentials(65534, 65534));

    private UserCommands() {}

    /** {@code su}: changes the user of the session. */
    static final class Su implements Command {

        @Override
        public Help help() {
            return new Help(
                    "su", "[USER]", "run what follows as root or nobody; root if no user is named", "su nobody");
        }

        @Override
        public int run(Invocation call) throws IOException {
            List<String> words = Options.parse(call.arguments(), "").operands();
            String user = words.isEmpty() ? ROOT : words.get(0);
            if (words.size() > 1) {
                throw new Options.BadOptionException("extra operand '" + words.get(1) + "'");
            }
            if (!USERS.containsKey(user)) {
                call.complain(
                        "user " + user + " does not exist or the user entry does not contain all the required fields");
                return 1;
            }
            call.shell().become(USERS.get(user));
            return 0;
        }

        @Override
        public List<String> offers(String kind, List<String> before) {
            return kind.equals("USER") ? List.copyOf(USERS.keySet()) : List.of();
        }
    }

    /** {@code id}. */
    static final class Id implements Command {

        @Override
        public Help help() {
            return new Help("id", "", "tell who commands run as", "id");
        }

        @Override
        public int run(Invocation call) throws IOException {
            List<String> words = Options.parse(call.arguments(), "").operands();
            if (!words.isEmpty()) {
                throw new Options.BadOptionException("extra operand '" + words.get(0) + "'");
            }
            Credentials who = call.credentials();
            String user = who.uid() == 0 ? "(root)" : "(nobody)";
            String group = who.gid() == 0 ? "(root)" : "(nogroup)";
            call.println("uid=" + who.uid() + user + " gid=" + who.gid() + group + " groups=" + who.gid() + group);
            return 0;
        }
    }
}
