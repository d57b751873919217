package org.cardcage.kernel.kobject;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/**
 * An object that has a directory in {@code /sys} (Linux {@code struct kobject}): objects below it, links to others, and the
 * attributes of what it stands for.
 *
 * <p>Threads: any. {@code this} makes changes of the names and the removal exclude each other; listeners are told without it.
 */
public final class KObject implements KObjectEntry {

    /** A group of attributes that are shown here. */
    private record Shown(Object subject, AttributeGroup<Object> group, AttributeOwner owner) {

        Optional<AttributeFile> file(KObject directory, String name) {
            return group.find(name)
                    .filter(attribute -> attribute.isVisible(subject))
                    .map(attribute -> new AttributeFile(directory, attribute, subject, owner));
        }
    }

    private final KObjects tree;
    private final KObject parent;
    private final String name;
    private final Instant created = Instant.now();
    private final ConcurrentNavigableMap<String, KObjectEntry> entries = new ConcurrentSkipListMap<>();
    private final List<Shown> shown = new CopyOnWriteArrayList<>();
    private volatile boolean removed;

    /**
     * @param parent null for the root
     */
    KObject(KObjects tree, KObject parent, String name) {
        this.tree = tree;
        this.parent = parent;
        this.name = name;
    }

    /** Its name in the directory above. */
    public String name() {
        return name;
    }

    /** The path below {@code /sys}, as in {@code bus/pci}; empty for the root. */
    public String path() {
        return parent == null || parent.parent == null ? name : parent.path() + "/" + name;
    }

    /** When it was made. */
    public Instant created() {
        return created;
    }

    /** Whether it has been taken away. */
    public boolean isRemoved() {
        return removed;
    }

    /**
     * Makes an object below this one (Linux {@code kobject_add}).
     *
     * @throws KernelException EEXIST if the name is taken, ENOENT if this one has been removed
     */
    public KObject add(String childName) {
        KObject child = new KObject(tree, this, childName);
        put(childName, child);
        return child;
    }

    /** The object below this one with this name, made if there is none; errors as {@link #add}. */
    public KObject addIfAbsent(String childName) {
        synchronized (this) {
            if (entries.get(childName) instanceof KObject present) {
                return present;
            }
        }
        try {
            return add(childName);
        } catch (KernelException e) {
            if (e.errno() == Errno.EEXIST && entries.get(childName) instanceof KObject present) {
                return present; // somebody was quicker
            }
            throw e;
        }
    }

    /** Makes a link to another object (Linux {@code sysfs_create_link}); errors as {@link #add}. */
    public void link(String linkName, KObject target) {
        put(linkName, new KObjectLink(this, target));
    }

    private void put(String entryName, KObjectEntry entry) {
        synchronized (this) {
            if (removed) {
                throw new KernelException(Errno.ENOENT, this + " has been removed");
            }
            boolean taken =
                    shown.stream().anyMatch(s -> s.group().find(entryName).isPresent());
            if (taken || entries.putIfAbsent(entryName, entry) != null) {
                throw new KernelException(Errno.EEXIST, this + "/" + entryName + " exists");
            }
        }
        tree.added(this, entryName);
    }

    /** Takes a link away (Linux {@code sysfs_remove_link}); nothing happens if it is not there. */
    public void unlink(String linkName) {
        boolean was;
        synchronized (this) {
            was = entries.get(linkName) instanceof KObjectLink && entries.remove(linkName) != null;
        }
        if (was) {
            tree.removed(this, linkName);
        }
    }

    /** The same, unless the link leads to something else by now. */
    public void unlink(String linkName, KObject target) {
        boolean was;
        synchronized (this) {
            was = entries.get(linkName) instanceof KObjectLink link
                    && link.target() == target
                    && entries.remove(linkName) != null;
        }
        if (was) {
            tree.removed(this, linkName);
        }
    }

    /**
     * Shows attributes of {@code subject} here (Linux {@code sysfs_create_group}).
     *
     * @param owner whose code they are
     * @return takes them away again
     * @throws KernelException EEXIST if one of the names is taken, ENOENT if this has been removed
     */
    public <T> Runnable show(T subject, AttributeGroup<T> group, AttributeOwner owner) {
        Shown more = shown(subject, group, owner);
        synchronized (this) {
            if (removed) {
                throw new KernelException(Errno.ENOENT, this + " has been removed");
            }
            for (String attribute : group.names()) {
                boolean taken = entries.containsKey(attribute)
                        || shown.stream()
                                .anyMatch(s -> s.group().find(attribute).isPresent());
                if (taken) {
                    throw new KernelException(Errno.EEXIST, this + "/" + attribute + " exists");
                }
            }
            shown.add(more);
        }
        group.names().forEach(attribute -> tree.added(this, attribute));
        return () -> hide(more);
    }

    @SuppressWarnings("unchecked") // subject and group are kept together
    private static <T> Shown shown(T subject, AttributeGroup<T> group, AttributeOwner owner) {
        return new Shown(subject, (AttributeGroup<Object>) group, owner);
    }

    private void hide(Shown less) {
        if (shown.remove(less)) {
            less.group().names().forEach(attribute -> tree.removed(this, attribute));
        }
    }

    /** Takes it away with all that is below it (Linux {@code kobject_del}). A second call changes nothing. */
    public void remove() {
        synchronized (this) {
            if (removed) {
                return;
            }
            removed = true;
        }
        for (KObjectEntry entry : entries.values()) {
            if (entry instanceof KObject child) {
                child.remove();
            }
        }
        entries.clear();
        shown.clear();
        if (parent != null && parent.entries.remove(name, this)) {
            tree.removed(parent, name);
        }
    }

    /** What has this name here. */
    public Optional<KObjectEntry> lookup(String entryName) {
        KObjectEntry entry = entries.get(entryName);
        if (entry != null) {
            return Optional.of(entry);
        }
        return shown.stream()
                .flatMap(s -> s.file(this, entryName).stream())
                .<KObjectEntry>map(file -> file)
                .findFirst();
    }

    /** All names here and what they are. */
    public SortedMap<String, KObjectEntry> entries() {
        SortedMap<String, KObjectEntry> all = new TreeMap<>(entries);
        for (Shown s : shown) {
            s.group().names().forEach(attribute -> s.file(this, attribute).ifPresent(f -> all.put(attribute, f)));
        }
        return all;
    }

    /** The path with {@code /sys}. */
    @Override
    public String toString() {
        return "/sys/" + path();
    }
}
