package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"bothways/aws/localfile"
)

// listed are the files of a folder by their names with slashes, but for the sums
// and their signature; strange is what is neither a file nor a folder with files.
func listed(folder string) (names, strange []string, err error) {
	holds := map[string]bool{".": true}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(relative)
		switch {
		case entry.IsDir():
			holds[name] = holds[name] || name == "."
		case !entry.Type().IsRegular():
			strange = append(strange, name+" is "+localfile.Kind(entry.Type())+", and no file")
		case name != sumsFile && name != signatureFile:
			names = append(names, name)
		}
		if !entry.IsDir() {
			holds[filepath.ToSlash(filepath.Dir(relative))] = true
		}
		return nil
	})
	for name, files := range holds {
		if !files {
			strange = append(strange, name+" is a folder without a file")
		}
	}
	slices.Sort(names)
	slices.Sort(strange)
	return names, strange, err
}

// sums are the sums of all files, as sha256sum writes and checks them.
func sums(folder string) ([]byte, error) {
	names, _, err := listed(folder)
	if err != nil {
		return nil, fmt.Errorf("list the folder: %w", err)
	}
	var out bytes.Buffer
	for _, name := range names {
		sum, err := sumOf(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			return nil, fmt.Errorf("sum up %s: %w", name, err)
		}
		fmt.Fprintf(&out, "%s  %s\n", sum, name)
	}
	return out.Bytes(), nil
}

func sumOf(path string) (string, error) {
	file, err := localfile.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// compareSums says what a folder has otherwise than its sums say.
func compareSums(written, found []byte) []string {
	if bytes.Equal(written, found) {
		return nil
	}
	before, bad := readSums(written)
	now, _ := readSums(found)
	var all []string
	if bad > 0 {
		all = append(all, fmt.Sprintf("%s: line %d is not a sum and a name", sumsFile, bad))
	}
	for name, sum := range now {
		switch was, there := before[name]; {
		case !there:
			all = append(all, name+": it is in the folder, and not in "+sumsFile)
		case was != sum:
			all = append(all, name+": its content is not what "+sumsFile+" says")
		}
	}
	for name := range before {
		if _, there := now[name]; !there {
			all = append(all, name+": it is in "+sumsFile+", and not in the folder")
		}
	}
	if len(all) == 0 {
		all = append(all, sumsFile+": it is not written as it was: the order or the form of its lines")
	}
	slices.Sort(all)
	return all
}

// readSums reads lines of a sum, two spaces and a name; bad is the number of the
// first that is none, or 0.
func readSums(text []byte) (all map[string]string, bad int) {
	all = map[string]string{}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		sum, name, found := strings.Cut(line, "  ")
		if !found || len(sum) != 2*sha256.Size || name == "" {
			if bad == 0 {
				bad = i + 1
			}
			continue
		}
		all[name] = sum
	}
	return all, bad
}
