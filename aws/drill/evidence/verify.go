package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/evidence/trail"
	"bothways/aws/localfile"
)

// Signer is who may have signed a folder.
type Signer struct {
	Allowed string // file of allowed signers, as ssh-keygen reads it; "" to ask for none
	Name    string // the one who did
}

// Checked is what a folder shows.
type Checked struct {
	Drill, Verdict string
	Files          int
	Lines          int // of its journal
	Figures        int // values of report.json that were reckoned again
	Signature      string
	// WrittenBy is the version that wrote the folder. The pages for people are
	// written again and compared where that is the version that checks; Pages says so.
	WrittenBy string
	Pages     bool
	// Problems are all that is wrong; a folder without any holds.
	Problems []string
}

// largest bounds what is read into memory of one file, in bytes.
const largest = 1 << 30

// Verify checks a folder of evidence: every file's sum, no file more or less, the
// journal's chain, that everything in it that follows from the journal does, and
// its signature where it has one. The version is that of the program that checks. The
// error is of the reading alone.
func Verify(ctx context.Context, folder, version string, signer Signer) (Checked, error) {
	c := Checked{Problems: []string{}}
	written, err := localfile.Read(filepath.Join(folder, sumsFile), largest)
	if err != nil {
		return c, fmt.Errorf("%s is no folder of a drill's evidence: read %s: %w", folder, sumsFile, err)
	}
	names, strange, err := listed(folder)
	if err != nil {
		return c, fmt.Errorf("list %s: %w", folder, err)
	}
	c.Files, c.Problems = len(names), append(c.Problems, strange...)
	found, err := sums(folder)
	if err != nil {
		return c, err
	}
	c.Problems = append(c.Problems, compareSums(written, found)...)
	c.chain(folder, version, names)
	signed := signature(ctx, folder, signer.Allowed, signer.Name, written)
	c.Signature = signed.Checked
	if signed.Problem != "" {
		c.Problems = append(c.Problems, signed.Problem)
	}
	return c, nil
}

// chain checks the journal, and that the folder has what follows from it, and
// nothing else: sums can be written anew by whoever changes a folder.
func (c *Checked) chain(folder, version string, names []string) {
	path := filepath.Join(folder, journalFile)
	file, err := localfile.Open(path)
	if err != nil {
		c.Problems = append(c.Problems, fmt.Sprintf("%s: %v", journalFile, err))
		return
	}
	defer file.Close()
	if err := trail.Check(file); err != nil {
		c.Problems = append(c.Problems, fmt.Sprintf("%s: %v", journalFile, err))
	}
	t, err := readTrail(path)
	if err != nil {
		c.Problems = append(c.Problems, fmt.Sprintf("%s: %v", journalFile, err))
		return
	}
	text, err := localfile.Read(filepath.Join(folder, reportFile), largest)
	if err != nil {
		c.Problems = append(c.Problems, fmt.Sprintf("%s: %v", reportFile, err))
		return
	}
	var written struct {
		Drill struct {
			WrittenBy string `json:"written_by"`
		} `json:"drill"`
	}
	_ = json.Unmarshal(text, &written) // what is wrong with it is said below
	report := figures.Of(t, written.Drill.WrittenBy)
	c.Drill, c.Verdict, c.Lines = report.Drill.ID, report.Verdict.Recorded, report.Journal.Lines
	files, err := made(t, report)
	if err != nil {
		c.Problems = append(c.Problems, err.Error())
		return
	}
	c.WrittenBy = written.Drill.WrittenBy
	pages, err := pages(report)
	if err != nil {
		c.Problems = append(c.Problems, err.Error())
		return
	}
	c.present(names, files, pages)
	if c.Pages = c.WrittenBy == version; c.Pages {
		maps.Copy(files, pages)
	}
	before := len(c.Problems)
	c.Figures = c.reckoned(text, files[reportFile])
	for name, content := range files {
		there, err := localfile.Read(filepath.Join(folder, filepath.FromSlash(name)), largest)
		switch {
		case err != nil: // said above
		case name == reportFile && (!c.Pages || len(c.Problems) > before): // its values were compared
		case !bytes.Equal(there, content):
			c.Problems = append(c.Problems, name+": it is not what follows from "+journalFile)
		}
	}
	slices.Sort(c.Problems)
}

// present says which files of a drill are missing, and which are of no drill.
func (c *Checked) present(names []string, files, pages map[string][]byte) {
	for _, due := range []map[string][]byte{files, pages} {
		for name := range due {
			if !slices.Contains(names, name) {
				c.Problems = append(c.Problems, name+": it is missing")
			}
		}
	}
	for _, name := range names {
		_, made := files[name]
		_, page := pages[name]
		if !made && !page && name != journalFile {
			c.Problems = append(c.Problems, name+": it is no part of a drill's evidence")
		}
	}
}

// reckoned compares report.json with what the journal gives, value by value, and
// counts the values.
func (c *Checked) reckoned(written, again []byte) int {
	var was, is any
	if err := json.Unmarshal(written, &was); err != nil {
		c.Problems = append(c.Problems, fmt.Sprintf("%s: it is no JSON: %v", reportFile, err))
		return 0
	}
	if err := json.Unmarshal(again, &is); err != nil {
		c.Problems = append(c.Problems, fmt.Sprintf("%s: %v", reportFile, err))
		return 0
	}
	values := 0
	const most = 20
	var differing []string
	walk("", was, is, &values, func(path string) { differing = append(differing, path) })
	for i, path := range differing {
		if i == most {
			c.Problems = append(c.Problems, fmt.Sprintf("%s: %d more values are not what follows from %s", reportFile, len(differing)-most, journalFile))
			break
		}
		c.Problems = append(c.Problems, fmt.Sprintf("%s: %s is not what follows from %s", reportFile, path, journalFile))
	}
	return values
}

// walk goes through two JSON values together.
func walk(path string, a, b any, values *int, differs func(path string)) {
	switch a := a.(type) {
	case map[string]any:
		if b, is := b.(map[string]any); is {
			for name := range a {
				if _, there := b[name]; !there {
					differs(path + "/" + name)
				}
			}
			for name, value := range b {
				if _, there := a[name]; !there {
					differs(path + "/" + name)
					continue
				}
				walk(path+"/"+name, a[name], value, values, differs)
			}
			return
		}
	case []any:
		if b, is := b.([]any); is && len(a) == len(b) {
			for i := range a {
				walk(fmt.Sprintf("%s/%d", path, i), a[i], b[i], values, differs)
			}
			return
		}
	}
	*values++
	if !reflect.DeepEqual(a, b) {
		differs(path)
	}
}
