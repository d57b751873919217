package org.cardcage.shell.internal.osgi;

import java.nio.file.FileSystem;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.cardcage.shell.internal.gogo.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Puts sessions that others make (a remote shell, a test) on our tree and under our commands before they execute a line. */
@Component(service = CommandSessionListener.class)
public final class SessionComponent implements CommandSessionListener {

    private static final String SCOPE = "SCOPE";

    private final FileSystem tree;

    @Activate
    public SessionComponent(@Reference(target = "(scheme=cage)") FileSystem tree) {
        this.tree = tree;
    }

    @Override
    public void beforeExecute(CommandSession session, CharSequence line) {
        if (session.currentDir().getFileSystem() != tree) {
            session.currentDir(tree.getPath("/host" + session.currentDir()));
        }
        if (session.get(SCOPE) == null) {
            session.put(SCOPE, GogoCommand.SCOPES);
        }
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Exception exception) {
        // nothing to undo
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Object result) {
        // nothing to undo
    }
}
