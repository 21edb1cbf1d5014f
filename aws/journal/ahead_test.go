package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"bothways/aws/journal"
)

var errStrange = errors.New("it is strange")

// reading is what comes of reading a journal.
type reading struct {
	Taken []string
	Out   journal.LeftOut
	Err   string
}

// Whatever a journal holds, reading ahead says what reading line by line does.
func TestReadingAheadIsReading(t *testing.T) {
	refuses := func(line []byte) error {
		switch {
		case bytes.Contains(line, []byte(`"strange"`)):
			return errStrange
		case bytes.Contains(line, []byte(`"damaged"`)):
			return fmt.Errorf("%w: a number of letters", journal.ErrDamaged)
		case bytes.Contains(line, []byte(`"enough"`)):
			return journal.ErrEnough
		}
		return journal.Check(line)
	}
	pieces := []string{
		`{"event":"a","x":1}` + "\n", `{"event":"b","text":"` + strings.Repeat("long ", 5000) + `"}` + "\n", "\n", "  \n", "no JSON\n", `{"event":"damaged"}` + "\n",
		`{"event":"a","x":`, `{"event":"a"}`, `{"x":1,"event":"late"}` + "\n", "[1]\n",
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		var text strings.Builder
		for range r.IntN(60) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		if ends := []string{`{"event":"strange"}` + "\n", `{"event":"enough"}` + "\n"}; i%3 < 2 {
			text.WriteString("\n" + ends[i%3])
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		in := func() io.Reader {
			if i%5 == 0 {
				return io.MultiReader(strings.NewReader(text.String()), iotest.ErrReader(errors.New("the disk is gone")))
			}
			return strings.NewReader(text.String())
		}
		for _, damage := range []journal.OnDamage{journal.Stop, journal.LeaveOut} {
			var one, ahead reading
			var err error
			one.Out, err = journal.Scan(in(), damage, func(event string, line []byte) error {
				if err := refuses(line); err != nil {
					return err
				}
				one.Taken = append(one.Taken, event+string(line))
				return nil
			})
			one.Err = fmt.Sprint(err)
			ahead.Out, err = journal.ScanAhead(in(), damage, func(event string, line []byte) (string, error) {
				return event + string(line), refuses(line)
			}, func(taken string) error {
				ahead.Taken = append(ahead.Taken, taken)
				return nil
			})
			ahead.Err = fmt.Sprint(err)
			if !reflect.DeepEqual(one, ahead) {
				t.Fatalf("%d: ahead %d are taken, %+v, %s; one by one %d, %+v, %s", i, len(ahead.Taken), ahead.Out, ahead.Err, len(one.Taken), one.Out, one.Err)
			}
		}
	}
}
