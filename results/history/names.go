package history

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// namesFolder has one file for each name, whose content is the id. Links would do the
// same on some systems only, and what a link points to has to be distrusted; an id that
// is read is checked.
const namesFolder = "names"

// mostName is how long a name may be.
const mostName = 64

// CheckName refuses what cannot be the name of a run: a name begins with a letter, so
// that it is never taken for the beginning of an id, and has letters, digits, -, _ and
// . in it, so that it is a file name anywhere and needs no quotes.
func CheckName(name string) error {
	switch {
	case name == "":
		return errors.New("a name needs a letter at least")
	case len(name) > mostName:
		return fmt.Errorf("a name has at most %d characters, got %d", mostName, len(name))
	case !letter(rune(name[0])):
		return fmt.Errorf("a name begins with a letter, got %q", name)
	}
	for _, r := range name {
		if !letterOrDigit(r) && !strings.ContainsRune("-_.", r) {
			return fmt.Errorf("a name has letters, digits, -, _ and . in it and nothing else, got %q", name)
		}
	}
	if strings.HasSuffix(name, ".") || reserved(name) {
		return fmt.Errorf("%q is no name that a file can have everywhere", name)
	}
	return nil
}

// reserved tells whether a name means a device on Windows, with or without an ending.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	if slices.Contains([]string{"con", "prn", "aux", "nul"}, stem) {
		return true
	}
	port := strings.TrimPrefix(strings.TrimPrefix(stem, "com"), "lpt")
	return len(stem) == 4 && len(port) == 1 && port >= "0" && port <= "9"
}

// CheckFree refuses a name that CheckName refuses, and one by which a run of the folder
// is called already: its id, a beginning of it, or its last part. Such a name would
// stand for one run today and for another tomorrow. A folder that is not there has no
// runs.
func CheckFree(dir, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	all, err := ids(dir)
	if err != nil {
		return err
	}
	return free(all, name)
}

// free refuses a name by which one of the ids is called already.
func free(ids []string, name string) error {
	for _, id := range ids {
		switch {
		case id == name:
			return fmt.Errorf("%q is the id of a run", name)
		case strings.HasPrefix(id, name):
			return fmt.Errorf("%q is the beginning of the id of run %s", name, id)
		case calls(name, id):
			return fmt.Errorf("%q is the last part of the id of run %s", name, id)
		}
	}
	return nil
}

// SaveAs gives a run of the folder a name, which it takes from the run that had it
// before; had is that run's id, if there was one. A name by which another run is called
// is refused, as by CheckFree. The file is old or new whenever this process ends.
func SaveAs(dir, name, id string) (had string, err error) {
	if err := CheckName(name); err != nil {
		return "", err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	if _, err := root.Stat(id + Suffix); err != nil {
		return "", fmt.Errorf("%w %q in %s", ErrNone, id, dir)
	}
	all, err := journals(root)
	if err == nil {
		err = free(slices.DeleteFunc(all, func(other string) bool { return other == id }), name)
	}
	if err != nil {
		return "", err
	}
	if err := root.Mkdir(namesFolder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	had = saved(root, name)
	// A name begins with a letter, so this is never one.
	fresh := inNames("." + rand.Text())
	if err := write(root, fresh, id+"\n"); err != nil {
		return "", errors.Join(err, root.Remove(fresh))
	}
	if err := root.Rename(fresh, inNames(name)); err != nil {
		return "", errors.Join(err, root.Remove(fresh))
	}
	return had, nil
}

// write makes a new file that only its owner may read, and puts it on the disk.
func write(root *os.Root, path, text string) error {
	file, err := root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// inNames is where the file of a name is. A root takes slashes everywhere.
func inNames(name string) string { return namesFolder + "/" + name }

// saved returns the id that a name stands for, empty where it stands for none: what
// is no id in its file is no name.
func saved(root *os.Root, name string) string {
	if CheckName(name) != nil {
		return ""
	}
	info, err := root.Stat(inNames(name))
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	file, err := root.Open(inNames(name))
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }() // it was only read
	const longest = 256
	text, err := io.ReadAll(io.LimitReader(file, longest))
	id := strings.TrimSuffix(string(text), "\n")
	if err != nil || strings.ContainsAny(id, "/\\\x00\n") {
		return ""
	}
	return id
}

// nameList lists the names in the order of the alphabet, those that stand for no run
// of the folder too.
func nameList(root *os.Root) (names []string, err error) {
	files, err := fs.ReadDir(root.FS(), namesFolder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, file := range files {
		if CheckName(file.Name()) == nil {
			names = append(names, file.Name())
		}
	}
	return names, err
}

// savedNames returns the names of each id.
func savedNames(root *os.Root) (map[string][]string, error) {
	list, err := nameList(root)
	names := map[string][]string{}
	for _, name := range list {
		if id := saved(root, name); id != "" {
			names[id] = append(names[id], name)
		}
	}
	return names, err
}

// Names returns the names that a run of a folder was saved under.
func Names(dir, id string) ([]string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // it was only read
	all, err := savedNames(root)
	return all[id], err
}
