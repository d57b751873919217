package org.cardcage.vfs.internal.nio;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/**
 * A user or a group: {@code root} or a number.
 *
 * @param id the number
 * @param group whether it is a group
 */
record CagePrincipal(int id, boolean group) implements GroupPrincipal {

    private static final String SUPERUSER = "root";

    static final UserPrincipalLookupService LOOKUP = new UserPrincipalLookupService() {
        @Override
        public CagePrincipal lookupPrincipalByName(String name) throws UserPrincipalNotFoundException {
            return find(name, false);
        }

        @Override
        public CagePrincipal lookupPrincipalByGroupName(String name) throws UserPrincipalNotFoundException {
            return find(name, true);
        }
    };

    private static CagePrincipal find(String name, boolean group) throws UserPrincipalNotFoundException {
        if (!name.equals(SUPERUSER) && !name.matches("[0-9]{1,9}")) {
            throw new UserPrincipalNotFoundException(name);
        }
        return new CagePrincipal(name.equals(SUPERUSER) ? 0 : Integer.parseInt(name), group);
    }

    @Override
    public String getName() {
        return id == 0 ? SUPERUSER : Integer.toString(id);
    }

    @Override
    public String toString() {
        return getName();
    }
}
