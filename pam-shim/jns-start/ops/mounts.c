/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts for one command. The calls take descriptors: this process walks to a target once, and below a new root it walks inside of that. */
#include "ops.h"
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int sys_open_tree(int folder, const char *path, unsigned flags)
{
    return (int)syscall(SYS_open_tree, folder, path, flags | OPEN_TREE_CLOEXEC);
}

static int sys_move_mount(int tree, int onto)
{
    return (int)syscall(SYS_move_mount, tree, "", onto, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static int sys_attributes(int tree, unsigned long long set, unsigned long long propagation, unsigned flags)
{
    struct mount_attr attributes = { .attr_set = set, .propagation = propagation };

    return (int)syscall(SYS_mount_setattr, tree, "", flags | AT_EMPTY_PATH, &attributes, sizeof attributes);
}

static bool is_folder(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

static void put(struct start *s, int tree, const char *path)
{
    int onto = target_open(s, path);

    if (sys_move_mount(tree, onto) < 0) {
        if (errno == ENOTDIR || errno == EINVAL)
            if (is_folder(tree) != is_folder(onto))
                die("cannot cover %s: a %s", path, is_folder(tree) ? "folder cannot cover a file" : "file cannot cover a folder");
        die("cannot cover %s: %m", path);
    }
    close(onto);
    target_look_again(s);
}

/* Takes along what is mounted below: in a user namespace the kernel shows all or nothing, mount_namespaces(7). */
static void op_tree(struct start *s, const struct step *step)
{
    const char *path = step->arg[1];
    unsigned long long attributes = step_number(step, 2);
    int from;

    target_refuse_if_lost(s, path);
    from = open(path, O_PATH | O_CLOEXEC);
    /* Read-only applies to a place and not to what is shown there: /home/alice can be written to after "/:/:ro". */
    if (from >= 0 && (attributes & MOUNT_ATTR_RDONLY) == 0)
        from = target_before_mounts(s, path, from);
    int tree = from < 0 ? -1 : sys_open_tree(from, "", OPEN_TREE_CLONE | AT_RECURSIVE | AT_EMPTY_PATH);

    if (tree < 0)
        die("cannot show %s: %m", path);
    close(from);
    if (attributes != 0 && sys_attributes(tree, attributes, 0, AT_RECURSIVE) < 0)
        die("cannot show %s: its flags cannot be set: %m", path);
    slot_put(s, step->arg[0], tree);
}

static void op_attach(struct start *s, const struct step *step)
{
    put(s, slot_need(s, step->arg[0]), step->arg[1]);
}

/* Changes the flags of an existing mount, and of all mounts below it. */
static void op_restrict(struct start *s, const struct step *step)
{
    const char *path = step->arg[0];
    int target = target_open(s, path);
    int tree = sys_open_tree(target, "", OPEN_TREE_CLONE | AT_RECURSIVE | AT_EMPTY_PATH);

    if (tree < 0 || sys_attributes(tree, step_number(step, 1), 0, AT_RECURSIVE) < 0 || sys_move_mount(tree, target) < 0)
        die("cannot restrict %s: %m", path);
    close(tree);
    close(target);
    target_look_again(s);
}

static void configure(int fs, const char *key, const char *value)
{
    if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, key, value, 0) < 0)
        die("cannot make a file system with %s=%s: %m", key, value);
}

/* Options: KEY, VALUE, ..., NULL. */
static int fresh(const char *type, const char *const *options, unsigned attributes)
{
    int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);

    if (fs < 0)
        die("cannot make a %s: %m", type);
    for (; options[0] != NULL; options += 2)
        configure(fs, options[0], options[1]);
    int tree =
        syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ? -1 : (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attributes);
    if (tree < 0)
        die("cannot make a %s: %m%s", type,
            errno == EPERM && strcmp(type, "proc") == 0
                ? "; it can show only a new PID namespace, so use -p and -f, and nothing may cover parts of /proc"
                : "");
    close(fs);
    return tree;
}

/* DST MODE SIZE INODES ATTRIBUTES: without a mode it takes the mode of the folder below, and the owner, if this process may make files of
 * that owner. */
static void op_tmpfs(struct start *s, const struct step *step)
{
    const char *path = step->arg[0], *size = step->arg[2], *inodes = step->arg[3];
    char mode[16];
    struct stat st;
    int onto = target_open(s, path);

    target_refuse_root(s, onto, path, "put a tmpfs on");
    if (fstat(onto, &st) < 0 || !S_ISDIR(st.st_mode))
        die("cannot cover %s: it is not a folder", path);
    snprintf(mode, sizeof mode, "%o", (unsigned)(st.st_mode & 03777));
    const char *options[9] = { "source", "tmpfs", "mode", step->arg[1][0] != '\0' ? step->arg[1] : mode };
    size_t count = 4;
    if (size[0] != '\0')
        options[count++] = "size", options[count++] = size;
    if (inodes[0] != '\0')
        options[count++] = "nr_inodes", options[count++] = inodes;
    int tree = fresh("tmpfs", options, (unsigned)step_number(step, 4));
    /* In a user namespace the owner may have no id; then this process stays the owner. */
    if (step->arg[1][0] == '\0' && fchownat(tree, "", st.st_uid, st.st_gid, AT_EMPTY_PATH) == 0
        && fchmodat(tree, ".", st.st_mode & 03777, 0) < 0)
        die("cannot make a tmpfs for %s: %m", path);
    if (sys_move_mount(tree, onto) < 0)
        die("cannot cover %s: %m", path);
    close(tree);
    close(onto);
    target_look_again(s);
}

/* Makes an empty file. A mount shows a part of a file system only if the file system itself is mounted. So it is mounted for a moment, over
 * the root, where only a process with its descriptor can reach it. */
static int empty_file(int tmpfs)
{
    int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int file = openat(tmpfs, "hidden", O_CREAT | O_EXCL | O_RDONLY | O_CLOEXEC, 0);

    if (here < 0 || root < 0 || file < 0 || sys_move_mount(tmpfs, root) < 0)
        return -1;
    int tree = sys_open_tree(tmpfs, "hidden", OPEN_TREE_CLONE);
    /* Without a path: /proc may be covered by now. */
    if (tree < 0 || fchdir(tmpfs) < 0 || umount2(".", MNT_DETACH) < 0)
        return -1;
    /* The caller may have started in a folder that no other user may enter. */
    if (fchdir(here) < 0 && chdir("/") < 0)
        return -1;
    close(file);
    close(root);
    close(here);
    return tree;
}

static void op_hide(struct start *s, const struct step *step)
{
    const char *const options[] = { "source", "jns-hidden", "mode", "0", "size", "4k", "nr_inodes", "2", NULL };
    const unsigned attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    int onto = target_open(s, step->arg[0]);

    target_refuse_root(s, onto, step->arg[0], "hide");
    int tree = fresh("tmpfs", options, attributes);
    if (!is_folder(onto)) {
        int file = empty_file(tree);

        if (file < 0)
            die("cannot hide %s: %m", step->arg[0]);
        close(tree);
        tree = file;
    }
    if (sys_attributes(tree, MOUNT_ATTR_RDONLY | attributes, 0, 0) < 0 || sys_move_mount(tree, onto) < 0)
        die("cannot hide %s: %m", step->arg[0]);
    close(tree);
    close(onto);
    target_look_again(s);
}

/* DST CHANGED: first makes the mount at DST private, if the mount namespace as a whole was not made private. */
static void op_proc(struct start *s, const struct step *step)
{
    const char *const options[] = { "source", "proc", NULL };
    int onto = target_open(s, step->arg[0]);

    (void)s;
    /* Fails if DST is no mount, which does no harm: then the new mount is private anyway. */
    if (step_number(step, 1) != 0)
        sys_attributes(onto, 0, MS_PRIVATE, AT_RECURSIVE);
    int tree = fresh("proc", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    if (sys_move_mount(tree, onto) < 0)
        die("cannot mount a proc on %s: %m", step->arg[0]);
    close(tree);
    close(onto);
}

/* From here on targets are in that folder. It becomes a separate mount, as pivot_root(2) requires. */
static void op_base(struct start *s, const struct step *step)
{
    const char *path = step->arg[0];
    int tree = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | AT_RECURSIVE);

    if (tree < 0)
        die("cannot use %s as the root: %m", path);
    if (!is_folder(tree))
        die("cannot use %s as the root: it is not a folder", path);
    put(s, tree, path);
    s->base = tree;
}

/* Puts the old root over the new one and removes it, so no folder is needed for it, pivot_root(2). That changes the root of every process
 * in the mount namespace: a process that serves a file system from the old root to the command stays in the mount namespace before. */
static void op_pivot(struct start *s, const struct step *step)
{
    (void)step;
    if (fchdir(s->base) < 0 || (s->service_count > 0 && unshare(CLONE_NEWNS) < 0) || syscall(SYS_pivot_root, ".", ".") < 0)
        die("cannot change the root: %m%s", errno == EINVAL ? "; the present root is no mount, as in a chroot" : "");
    if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
        die("cannot remove the old root: %m");
    close(s->base);
    s->base = -1;
}

/* PATH FOLDER MODE: makes an empty folder or file as a mount point, in a tree that is still empty. */
static void op_make(struct start *s, const struct step *step)
{
    const char *path = step->arg[0], *name = strrchr(path, '/');
    mode_t mode = (mode_t)step_number(step, 2);
    char around[4096];

    (void)s;
    if (name == NULL || (size_t)(name - path) >= sizeof around)
        die("cannot make %s: the path is invalid", path);
    snprintf(around, sizeof around, "%.*s/", (int)(name - path), path);
    int folder = target_open(s, around), file = -1;
    if (step_number(step, 1) != 0 ? mkdirat(folder, name + 1, mode) < 0 && errno != EEXIST
                                  : (file = openat(folder, name + 1, O_CREAT | O_RDONLY | O_NOFOLLOW | O_CLOEXEC, mode)) < 0)
        die("cannot make %s: %m", path);
    if (file >= 0)
        close(file);
    close(folder);
}

/* The arguments follow each op. Attributes are mount_setattr(2)'s. */
const struct op ops_mounts[] = {
    { "tree", "stn", op_tree },        /* SLOT PATH ATTRIBUTES */
    { "attach", "st", op_attach },     /* SLOT DST */
    { "restrict", "tn", op_restrict }, /* DST ATTRIBUTES */
    { "tmpfs", "ttttn", op_tmpfs },    /* DST MODE SIZE INODES ATTRIBUTES */
    { "hide", "t", op_hide },          /* DST */
    { "proc", "tn", op_proc },         /* DST CHANGED */
    { "base", "t", op_base },          /* DIR */
    { "pivot", "", op_pivot },         /* the old root goes */
    { "make", "tnn", op_make },        /* DST FOLDER MODE */
    { NULL, NULL, NULL },
};
