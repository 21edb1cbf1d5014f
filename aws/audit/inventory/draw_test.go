package inventory

import (
	"slices"
	"testing"
	"time"

	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/draw"
)

// What both lists have alike can be drawn, as what two listings have alike: else
// the sample would be of the keys alone in which something differs.
func TestVersionsAreDrawnOfKeysThatBothListsHaveAlike(t *testing.T) {
	wanted := draw.New(10, 1)
	j := &join{rules: compare.Rules{Draw: wanted}}
	var records []record
	for _, side := range []byte{0, onB} {
		for _, row := range []Row{
			{Key: "k", Entry: difference.Entry{VersionID: "1", Modified: time.Unix(1, 0), Size: 5, ETag: "e"}},
			{Key: "k", Entry: difference.Entry{VersionID: "2", Modified: time.Unix(2, 0), Marker: true, Latest: true}},
		} {
			r, _, err := readRecord(appendRecord(nil, &row, side))
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, r)
		}
	}
	var counts compare.Counts
	if alike, err := j.alike(records, &counts); !alike || err != nil {
		t.Fatal(alike, err)
	}
	if got := wanted.Drawn(); !slices.Equal(got, []draw.Version{{Key: "k", VersionID: "1", Size: 5}}) {
		t.Errorf("drawn are %v", got)
	}
}
