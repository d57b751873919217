package org.cardcage.kernel.kobject;

/**
 * A symbolic link in {@code /sys} (Linux {@code sysfs_create_link}).
 *
 * @param directory where it is
 * @param target where it leads
 */
public record KObjectLink(KObject directory, KObject target) implements KObjectEntry {

    /** The text of the link: from its directory up to what both paths have in common and down to the target. */
    public String text() {
        String[] from = directory.path().split("/");
        String[] to = target.path().split("/");
        int common = 0;
        while (common < from.length && common < to.length && from[common].equals(to[common])) {
            common++;
        }
        StringBuilder text = new StringBuilder();
        for (int i = common; i < from.length; i++) {
            text.append("../");
        }
        for (int i = common; i < to.length; i++) {
            text.append(to[i]).append(i < to.length - 1 ? "/" : "");
        }
        return text.toString();
    }
}
