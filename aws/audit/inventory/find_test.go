package inventory_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"bothways/aws/audit"
	"bothways/aws/audit/inventory"
	"bothways/aws/journal"
	"bothways/aws/pair"
)

func TestOnlyInventoriesThatServeAreTaken(t *testing.T) {
	for why, change := range map[string]func(*types.InventoryConfiguration){
		"is disabled":                          func(c *types.InventoryConfiguration) { c.IsEnabled = aws.Bool(false) },
		"has the current versions only":        func(c *types.InventoryConfiguration) { c.IncludedObjectVersions = "Current" },
		"is in ORC, which is not read here":    func(c *types.InventoryConfiguration) { c.Destination.S3BucketDestination.Format = "ORC" },
		"lacks the fields LastModifiedDate, E": func(c *types.InventoryConfiguration) { c.OptionalFields = []types.InventoryOptionalField{"Size"} },
		`has only what begins with "in/"`:      func(c *types.InventoryConfiguration) { c.Filter = &types.InventoryFilter{Prefix: aws.String("in/")} },
	} {
		t.Run(why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				c := configuration(pair.A)
				change(c)
				l.list(pair.A, c)
				l.list(pair.B, configuration(pair.B))
				<-time.After(72 * time.Hour)
				_, err := inventory.Find(t.Context(), l.world, "", nil)
				none, is := errors.AsType[*inventory.NoneError](err)
				if !is || none.Side != pair.A || !strings.Contains(err.Error(), why) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestTheListsAreTheNewestThatAreNear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		if _, err := inventory.Find(t.Context(), l.world, "", nil); err == nil || !strings.Contains(err.Error(), "has no inventory") {
			t.Errorf("without inventories: %v", err)
		}
		for _, side := range pair.Sides() {
			l.list(side, configuration(side))
		}
		_, err := inventory.Find(t.Context(), l.world, "", nil)
		if _, is := errors.AsType[*inventory.NotYetError](err); !is {
			t.Errorf("before a list came: %v", err)
		}
		<-time.After(5 * 24 * time.Hour)
		found, err := inventory.Find(t.Context(), l.world, "any", nil)
		l.do(found, err)
		if age := time.Since(found.A.At); age > 24*time.Hour {
			t.Errorf("A's list is %v old", age)
		}
		if gap := found.A.At.Sub(found.B.At).Abs(); gap > 12*time.Hour {
			t.Errorf("the lists are %v apart", gap)
		}
		notes := strings.Join(found.Notes(time.Now()), " ")
		for _, says := range []string{found.A.At.Format(time.RFC3339), "48 hours", "looked at again"} {
			if !strings.Contains(notes, says) {
				t.Errorf("%q is not said: %s", says, notes)
			}
		}
		<-time.After(48 * time.Hour)
		again, err := inventory.Find(t.Context(), l.world, "", &found)
		l.do(again, err)
		if diff := cmp.Diff(found, again); diff != "" {
			t.Errorf("the same lists again: %s", diff)
		}
		found.B.Stamp = "2020-01-01T00-00Z"
		if _, err := inventory.Find(t.Context(), l.world, "", &found); err == nil || !strings.Contains(err.Error(), "begin a new audit") {
			t.Errorf("of a list that is gone: %v", err)
		}
	})
}

// Nothing of a list that is not as S3 wrote it may count.
func TestDamagedListsAreRefused(t *testing.T) {
	for ending, says := range map[string]string{
		"manifest.json": "does not have the checksum", "manifest.checksum": "does not have the checksum", ".csv.gz": "can't be read",
	} {
		t.Run(ending, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				l.plant()
				found := l.found()
				l.wire.change = func(r *http.Request, answer *http.Response) {
					if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, ending) {
						text, err := io.ReadAll(answer.Body)
						l.do(text, err)
						text[len(text)/2] ^= 1
						answer.Body = io.NopCloser(strings.NewReader(string(text)))
						answer.Header.Del("X-Amz-Checksum-Crc64nvme")
					}
				}
				_, err := inventory.Find(t.Context(), l.world, "", nil)
				if err == nil {
					dir := t.TempDir()
					_, err = audit.Run(t.Context(), audit.Config{World: l.world, Source: inventory.Join{World: l.world, Lists: found, Dir: dir}.Source}, func(pair.Event) {})
					if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
						t.Errorf("left behind: %v", left)
					}
				}
				if _, is := errors.AsType[*inventory.DamagedError](err); !is || !strings.Contains(err.Error(), says) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// breaking is a body that breaks off.
type breaking struct {
	io.ReadCloser
	left int
}

func (b *breaking) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func TestConnectionsThatBreakAreTakenUpAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.plant()
		found := l.found()
		direct, _ := l.rows(audit.Config{CutOff: found.CutOff()})
		broken := 0
		l.wire.change = func(r *http.Request, answer *http.Response) {
			if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, ".csv.gz") {
				broken++
				answer.Body = &breaking{answer.Body, 500}
			}
		}
		rows, _ := l.rows(audit.Config{CutOff: found.CutOff(), Source: inventory.Join{World: l.world, Lists: found, Dir: t.TempDir()}.Source})
		if diff := cmp.Diff(direct, rows); diff != "" || broken < 10 {
			t.Errorf("after %d breaks: %s", broken, diff)
		}
	})
}

func TestAJoinThatWasCutOffGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.plant()
		found := l.found()
		whole, tally := l.rows(audit.Config{CutOff: found.CutOff()})
		dir := t.TempDir()
		keep, err := journal.Create(dir, journal.Opening{RunID: "run", StartedAt: time.Now()})
		l.do(keep, err)
		config := audit.Config{
			World: l.world, CutOff: found.CutOff(), Rows: audit.RowsOf(keep.Path()),
			Source: inventory.Join{World: l.world, Lists: found, Dir: t.TempDir(), Budget: 2 << 10}.Source,
		}
		runs := 0
		for ; ; runs++ {
			parts := 0
			ctx, cancel := context.WithCancel(t.Context())
			result, err := audit.Run(ctx, config, func(e pair.Event) {
				l.do(0, keep.Record(e))
				if _, is := e.(audit.Checkpoint); is {
					if parts++; parts == 3 {
						cancel()
					}
				}
			})
			cancel()
			if config.Resume, _ = audit.Read(keep.Path()); config.Resume == nil {
				t.Fatal("the journal can't be read")
			}
			if err == nil {
				if diff := cmp.Diff(asText(t, tally), asText(t, result.Tally)); diff != "" {
					t.Errorf("the counts: %s", diff)
				}
				break
			}
		}
		if runs < 3 {
			t.Errorf("it took %d runs", runs)
		}
		var rows []string
		for d, err := range config.Resume.Differences() {
			l.do(d, err)
			rows = append(rows, describe(d.Candidate))
		}
		slices.Sort(rows)
		if diff := cmp.Diff(whole, rows); diff != "" {
			t.Error(diff)
		}
		l.do(0, keep.Close())
	})
}

// What a killed run left is removed by the next, and what is still held is not.
func TestFoldersOfKilledRunsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.plant()
		found := l.found()
		dir := t.TempDir()
		left := filepath.Join(dir, "bothways-join-1")
		foreign := filepath.Join(dir, "bothways-join-by-others")
		for _, path := range []string{left, foreign} {
			l.do(0, os.Mkdir(path, 0o700))
		}
		l.do(0, os.WriteFile(filepath.Join(left, "lock"), nil, 0o600))
		l.do(0, os.WriteFile(filepath.Join(left, "slice-3"), []byte("x"), 0o600))
		l.rows(audit.Config{CutOff: found.CutOff(), Source: inventory.Join{World: l.world, Lists: found, Dir: dir}.Source})
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(foreign) {
			t.Errorf("there are %v, %v", entries, err)
		}
	})
}
