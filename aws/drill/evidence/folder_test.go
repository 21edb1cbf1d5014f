package evidence_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"bothways/aws/drill/evidence"
	"bothways/aws/drill/evidence/evidencetest"
	"bothways/aws/drill/record"
)

// folder is the evidence of a drill that never was.
func folder(t *testing.T, w evidencetest.Wish, o evidence.Options) string {
	t.Helper()
	events, _ := evidencetest.Make(w)
	to := filepath.Join(t.TempDir(), "folder")
	o.Version = "v1"
	if _, err := evidence.Write(t.Context(), evidencetest.WriteJournal(t, events), to, o); err != nil {
		t.Fatal(err)
	}
	return to
}

func problems(t *testing.T, folder string, by evidence.Signer) []string {
	t.Helper()
	c, err := evidence.Verify(t.Context(), folder, "v1", by)
	if err != nil {
		return []string{err.Error()}
	}
	return c.Problems
}

func TestAFolderHoldsAsItWasWritten(t *testing.T) {
	for _, mask := range []bool{false, true} {
		for _, kind := range []record.Kind{record.Cut, record.Pause} {
			to := folder(t, evidencetest.Wish{Seed: 2, Kind: kind}, evidence.Options{Mask: mask})
			c, err := evidence.Verify(t.Context(), to, "v1", evidence.Signer{})
			if err != nil || len(c.Problems) > 0 || c.Files < 14 || c.Figures < 500 || c.Drill != "d1" || !strings.Contains(c.Signature, "not signed") {
				t.Errorf("masked %v: %+v, %v", mask, c, err)
			}
			html, err := os.ReadFile(filepath.Join(to, "report.html"))
			if err != nil || bytes.Count(html, []byte("<svg ")) != 2 || bytes.Contains(html, []byte("src=")) || bytes.Contains(html, []byte("href=")) || bytes.Contains(html, []byte("NaN")) {
				t.Errorf("the page lacks a drawing, loads something, or has no number where one belongs: %v", err)
			}
			if _, err := evidence.Write(t.Context(), "no journal", to, evidence.Options{}); err == nil || !strings.Contains(err.Error(), "not empty") {
				t.Errorf("a folder is written over: %v", err)
			}
		}
	}
}

func TestSha256sumAgrees(t *testing.T) {
	program, err := exec.LookPath("sha256sum")
	if err != nil {
		t.Skip("sha256sum is not on this computer")
	}
	check := exec.CommandContext(t.Context(), program, "--strict", "-c", "SHA256SUMS")
	check.Dir = folder(t, evidencetest.Wish{Seed: 2, Kind: record.Cut}, evidence.Options{})
	if out, err := check.CombinedOutput(); err != nil || strings.Count(string(out), ": OK") < 14 {
		t.Errorf("%v:\n%s", err, out)
	}
}

// Whoever changes a page can write the sums anew, too: what is on it follows from the
// journal all the same.
func TestAPageThatSaysOtherThanTheJournalIsFound(t *testing.T) {
	for _, name := range []string{"report.html", "report.md", "method.md", "articles.md", "undo.txt", "samples.csv"} {
		to := folder(t, evidencetest.Wish{Seed: 2, Kind: record.Cut}, evidence.Options{})
		path := filepath.Join(to, name)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sum := func(content []byte) []byte { return fmt.Appendf(nil, "%x", sha256.Sum256(content)) }
		forged := bytes.Replace(content, []byte("e"), []byte("3"), 1)
		sums, err := os.ReadFile(filepath.Join(to, "SHA256SUMS"))
		if err != nil || !bytes.Contains(sums, sum(content)) {
			t.Fatalf("no sum of %s: %v", name, err)
		}
		for path, text := range map[string][]byte{path: forged, filepath.Join(to, "SHA256SUMS"): bytes.Replace(sums, sum(content), sum(forged), 1)} {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if found := problems(t, to, evidence.Signer{}); len(found) != 1 || !strings.HasPrefix(found[0], name+": it is not what follows") {
			t.Errorf("%s: %q", name, found)
		}
		if name == "report.html" { // the words of another version can't be written again, and that is said
			if c, err := evidence.Verify(t.Context(), to, "v2", evidence.Signer{}); err != nil || c.Pages || c.WrittenBy != "v1" || len(c.Problems) > 0 {
				t.Errorf("%+v, %v", c, err)
			}
		}
	}
}

// Any one byte, anywhere in the folder: where a file is long, at random places and
// at both ends.
func TestAnyChangedByteIsFound(t *testing.T) {
	to := folder(t, evidencetest.Wish{Seed: 4, Kind: record.Pause}, evidence.Options{Sign: newKey(t)})
	if found := problems(t, to, evidence.Signer{}); len(found) > 0 {
		t.Fatal(found)
	}
	random := rand.New(rand.NewPCG(1, 2))
	flipped := 0
	err := filepath.WalkDir(to, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		places := []int{0, len(content) - 1}
		for range 2 {
			places = append(places, random.IntN(len(content)))
		}
		if entry.Name() == "SHA256SUMS.sig" {
			for i := 0; i < len(content); i += 9 {
				places = append(places, i)
			}
		}
		for _, at := range places {
			changed := bytes.Clone(content)
			changed[at] ^= 1 << random.IntN(8)
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				return err
			}
			if flipped++; len(problems(t, to, evidence.Signer{})) == 0 {
				t.Errorf("byte %d of %s, %q for %q: nothing is said", at, entry.Name(), changed[at], content[at])
			}
		}
		return os.WriteFile(path, content, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	if found := problems(t, to, evidence.Signer{}); len(found) > 0 || flipped < 60 {
		t.Errorf("put back after %d: %v", flipped, found)
	}
}

func TestWhatIsAddedTakenAwayOrMadeAnewIsNamed(t *testing.T) {
	to := folder(t, evidencetest.Wish{Seed: 5, Kind: record.Cut}, evidence.Options{})
	at := func(name string) string { return filepath.Join(to, filepath.FromSlash(name)) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	says := func(want string) {
		t.Helper()
		if found := strings.Join(problems(t, to, evidence.Signer{}), "\n"); !strings.Contains(found, want) {
			t.Errorf("want %q in:\n%s", want, found)
		}
	}
	must(os.WriteFile(at("more.txt"), []byte("x"), 0o600))
	says("more.txt: it is in the folder, and not in SHA256SUMS")
	must(os.Remove(at("more.txt")))
	must(os.Mkdir(at("empty"), 0o700))
	says("empty is a folder without a file")
	must(os.Remove(at("empty")))
	must(os.Rename(at("articles.md"), at("articles.txt")))
	says("articles.md: it is in SHA256SUMS, and not in the folder")
	must(os.Rename(at("articles.txt"), at("articles.md")))
	must(os.Symlink("method.md", at("link")))
	says("link is something else, and no file")
	must(os.Remove(at("link")))

	// Somebody changes a figure, or takes a line out, and makes the sums anew.
	text, err := os.ReadFile(at("report.json"))
	must(err)
	must(os.WriteFile(at("report.json"), bytes.Replace(text, []byte(`"slower": false`), []byte(`"slower": true`), 1), 0o600))
	resum(t, to)
	says("report.json: /results/fail_back/0/slower is not what follows from journal.ndjson")
	must(os.WriteFile(at("report.json"), text, 0o600))
	must(os.WriteFile(at("report.json"), bytes.Replace(text, []byte(`"verdict":`), []byte(`"verdict":{"recorded":"FAILED"},"verdict":`), 1), 0o600))
	resum(t, to)
	says("report.json: it is not what follows from journal.ndjson")
	must(os.WriteFile(at("report.json"), text, 0o600))
	must(os.WriteFile(at("certificate.html"), []byte("certified"), 0o600))
	resum(t, to)
	says("certificate.html: it is no part of a drill's evidence")
	must(os.Remove(at("certificate.html")))
	for _, name := range []string{"report.md", "report.html", "samples.csv", "undo.txt", "method.md", "articles.md", "configurations/a-before.json"} {
		away := filepath.Join(t.TempDir(), "away")
		must(os.Rename(at(name), away))
		resum(t, to)
		says(name + ": it is missing")
		must(os.Rename(away, at(name)))
	}
	lines, err := os.ReadFile(at("journal.ndjson"))
	must(err)
	all := bytes.SplitAfter(lines, []byte("\n"))
	must(os.WriteFile(at("journal.ndjson"), bytes.Join(append(append([][]byte{}, all[:50]...), all[51:]...), nil), 0o600))
	resum(t, to)
	says("journal.ndjson: line 51 does not follow the line before it")
	must(os.WriteFile(at("journal.ndjson"), bytes.Join(all[:len(all)-2], nil), 0o600))
	resum(t, to)
	says("its last line is not its end")
}

func resum(t *testing.T, folder string) {
	t.Helper()
	names, err := exec.CommandContext(t.Context(), "sh", "-c", `cd "$0" && find . -type f ! -name 'SHA256SUMS*' | sed 's#^./##' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS`, folder).CombinedOutput()
	if err != nil {
		t.Skipf("no sha256sum on this computer: %s", names)
	}
}

func newKey(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("ssh-keygen is not on this computer")
	}
	key := filepath.Join(t.TempDir(), "key")
	if out, err := exec.CommandContext(t.Context(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return key
}

func TestASignatureIsOfOneSignerAndOneFolder(t *testing.T) {
	key, other := newKey(t), newKey(t)
	to := folder(t, evidencetest.Wish{Seed: 6, Kind: record.Cut}, evidence.Options{Sign: key})
	allowed := func(key string) string {
		public, err := os.ReadFile(key + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "allowed")
		if err := os.WriteFile(file, append([]byte("auditor@example.com "), public...), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	if found := problems(t, to, evidence.Signer{Allowed: allowed(key), Name: "auditor@example.com"}); len(found) > 0 {
		t.Errorf("the signer's own: %v", found)
	}
	if found := problems(t, to, evidence.Signer{Allowed: allowed(other), Name: "auditor@example.com"}); len(found) == 0 {
		t.Error("a key of somebody else does")
	}
	if found := problems(t, to, evidence.Signer{Allowed: allowed(key), Name: "somebody@example.com"}); len(found) == 0 {
		t.Error("another name does")
	}
	// All of it made anew, with the old signature.
	another := folder(t, evidencetest.Wish{Seed: 7, Kind: record.Cut}, evidence.Options{})
	signature, err := os.ReadFile(filepath.Join(to, "SHA256SUMS.sig"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(another, "SHA256SUMS.sig"), signature, 0o600); err != nil {
		t.Fatal(err)
	}
	if found := problems(t, another, evidence.Signer{}); len(found) != 1 || !strings.Contains(found[0], "not of what is here") {
		t.Errorf("another folder's signature: %v", found)
	}
	unsigned := folder(t, evidencetest.Wish{Seed: 7, Kind: record.Cut}, evidence.Options{})
	if found := problems(t, unsigned, evidence.Signer{Allowed: allowed(key), Name: "auditor@example.com"}); len(found) != 1 {
		t.Errorf("a signer is asked for and there is none: %v", found)
	}
}

// What people type, and what AWS says, is text in every file and nothing else.
func TestWhatWasTypedIsTextAndNothingElse(t *testing.T) {
	const attack = "=1+1\x7f\u009b31m\u202e\u2066\u2028\U000E0001\x1b[2J</title><script>alert(1)</script>\n# head\n| 111122223333 | AKIAPLANTED12345678 ` [x](http://y)"
	to := folder(t, evidencetest.Wish{Seed: 8, Kind: record.Pause, Typed: attack}, evidence.Options{Mask: true})
	err := filepath.WalkDir(to, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, r := range string(text) {
			if r != '\n' && r != '\r' && !unicode.IsPrint(r) {
				t.Errorf("%s has %U", entry.Name(), r)
				break
			}
		}
		for _, secret := range []string{"111122223333", "PLANTED"} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s has %s", entry.Name(), secret)
			}
		}
		if entry.Name() == "report.html" && (bytes.Contains(text, []byte("<script")) || bytes.Contains(text, []byte("style="))) {
			t.Error("the page has a script, or a style of its own")
		}
		if entry.Name() == "report.md" {
			text = bytes.ReplaceAll(text, []byte(`\<`), nil) // escaped
		}
		if entry.Name() == "report.md" && (bytes.Contains(text, []byte("\n# head")) || bytes.Contains(text, []byte("\n| \\*")) || bytes.Contains(text, []byte("<script"))) {
			t.Error("what was typed is Markdown")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found := problems(t, to, evidence.Signer{}); len(found) > 0 {
		t.Error(found)
	}
}

func TestTheCanariesAreATableWithoutFormulas(t *testing.T) {
	file, err := os.Open(filepath.Join(folder(t, evidencetest.Wish{Seed: 9, Kind: record.Cut}, evidence.Options{}), "samples.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < 100 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+@") {
				t.Errorf("%q would be run", cell)
			}
		}
	}
}
