package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Attributes by name, {@code view:name,name} or {@code view:*}. */
final class NamedAttributes {

    private NamedAttributes() {}

    /**
     * @throws UnsupportedOperationException for an unknown view
     * @throws IllegalArgumentException for an unknown name
     */
    static Map<String, Object> read(CagePath path, String attributes, LinkOption... options) throws IOException {
        String view = view(attributes);
        CageAttributes all = new CageAttributes(path.getFileSystem().status(path, options));
        Map<String, Object> parts = all.view(view);
        Map<String, Object> asked = new LinkedHashMap<>();
        for (String name : name(attributes).split(",")) {
            if (name.equals("*")) {
                asked.putAll(parts);
            } else if (parts.containsKey(name)) {
                asked.put(name, parts.get(name));
            } else {
                throw new IllegalArgumentException("the view " + view + " has no attribute " + name);
            }
        }
        return asked;
    }

    /** Sets one attribute; errors as {@link #read}, ClassCastException for a value of the wrong kind. */
    static void set(CagePath path, String attribute, Object value, LinkOption... options) throws IOException {
        CageAttributeView view = new CageAttributeView(path, view(attribute), options);
        switch (name(attribute)) {
            case "lastModifiedTime" -> view.setTimes((FileTime) value, null, null);
            case "lastAccessTime", "creationTime" -> view.setTimes(null, (FileTime) value, null);
            case "permissions" -> view.setPermissions(permissions(value));
            case "mode" -> view.setMode((Integer) value);
            case "owner" -> view.setOwner((UserPrincipal) value);
            case "group" -> view.setGroup((GroupPrincipal) value);
            default -> throw new IllegalArgumentException("the attribute " + attribute + " cannot be set");
        }
    }

    private static Set<PosixFilePermission> permissions(Object value) {
        Set<PosixFilePermission> permissions = new HashSet<>();
        ((Set<?>) value).forEach(permission -> permissions.add((PosixFilePermission) permission));
        return permissions;
    }

    private static String view(String attribute) {
        int colon = attribute.indexOf(':');
        String view = colon < 0 ? "basic" : attribute.substring(0, colon);
        if (!CageFileStore.VIEWS.contains(view)) {
            throw new UnsupportedOperationException("no attribute view " + view);
        }
        return view;
    }

    private static String name(String attribute) {
        return attribute.substring(attribute.indexOf(':') + 1);
    }
}
