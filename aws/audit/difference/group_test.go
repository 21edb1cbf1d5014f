package difference_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// one is a version that A alone has.
func one(key string, verdict difference.Verdict, size int64) difference.Difference {
	d := pair.AtoB
	return difference.Difference{
		Candidate: difference.Candidate{Key: key, Kind: difference.OneSided, A: &difference.Entry{VersionID: "v", Size: size}},
		Verdict:   verdict, Remedy: difference.Replicate, Direction: &d,
	}
}

func TestAGroupCountsEachKeyOnce(t *testing.T) {
	var tally difference.Tally
	for _, d := range []difference.Difference{
		one("a", difference.Failed, 1), one("a", difference.Failed, 2), one("b", difference.Failed, 4), one("b", difference.Gone, 8),
	} {
		tally.Add(d)
	}
	want := difference.Groups{
		{
			Group: difference.Group{Verdict: difference.Failed, Remedy: difference.Replicate, Way: "AtoB", Only: pair.A},
			Count: difference.Count{Versions: 3, Bytes: 7}, Keys: 2,
		},
		{
			Group: difference.Group{Verdict: difference.Gone, Remedy: difference.Replicate, Way: "AtoB", Only: pair.A},
			Count: difference.Count{Versions: 1, Bytes: 8}, Keys: 1,
		},
	}
	if diff := cmp.Diff(want, tally.Groups, cmpopts.IgnoreUnexported(difference.Grouped{})); diff != "" {
		t.Error(diff)
	}
}

// Parts come in any order, each with keys of its own, and through a journal.
func TestGroupsOfPartsAddUpToThoseOfTheWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	verdicts := difference.Verdicts()
	var whole difference.Tally
	parts := make([]difference.Tally, 5)
	for key := range 200 {
		for range 1 + random.IntN(3) {
			d := one(string(rune('a'+key)), verdicts[random.IntN(len(verdicts))], random.Int64N(100))
			whole.Add(d)
			parts[key%len(parts)].Add(d)
		}
	}
	var sum difference.Tally
	for _, i := range random.Perm(len(parts)) {
		text, err := json.Marshal(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		var read difference.Tally
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		sum.Merge(read)
	}
	if diff := cmp.Diff(whole, sum, cmpopts.IgnoreUnexported(difference.Grouped{}, difference.Tally{})); diff != "" {
		t.Error(diff)
	}
	if !slices.IsSortedFunc(sum.Groups, func(a, b difference.Grouped) int {
		return slices.Index(verdicts, a.Verdict) - slices.Index(verdicts, b.Verdict)
	}) {
		t.Error("what needs somebody does not come first")
	}
	for verdict, count := range whole.Verdicts {
		var versions int64
		for _, g := range whole.Groups {
			if g.Verdict == verdict {
				versions += g.Versions
			}
		}
		if versions != count.Versions {
			t.Errorf("the groups of %q have %d versions, the verdict has %d", verdict, versions, count.Versions)
		}
	}
}

// Each side serves a version of its own of "both" and of "late", where one is on its
// way yet; of "newer" A alone does.
func TestKeysThatBothSidesServeTheirOwnVersionOfAreCounted(t *testing.T) {
	of := func(key string, side pair.SideName, verdict difference.Verdict) difference.Difference {
		d := one(key, verdict, 1)
		d.A.Latest = true
		if side == pair.B {
			d.A, d.B = nil, d.A
		}
		return d
	}
	older := one("newer", difference.Gone, 1)
	older.A, older.B = nil, older.A
	var tally, other difference.Tally
	for _, d := range []difference.Difference{
		of("both", pair.A, difference.Failed), of("both", pair.B, difference.NeverEligible),
		of("late", pair.A, difference.InFlight), of("late", pair.B, difference.Failed),
		of("newer", pair.A, difference.Failed), older,
	} {
		tally.Add(d)
	}
	other.Add(of("more", pair.B, difference.Gone))
	other.Add(of("more", pair.A, difference.Gone))
	if tally.Merge(other); tally.Rivals != 2 {
		t.Errorf("%d keys", tally.Rivals)
	}
}

func TestAWayIsADirectionOrNone(t *testing.T) {
	toA := pair.BtoA
	if d, ok := difference.WayOf(&toA).Direction(); !ok || d != pair.BtoA {
		t.Errorf("%v, %v", d, ok)
	}
	if _, ok := difference.WayOf(nil).Direction(); ok {
		t.Error("no direction is one")
	}
}

func TestAGroupTellsWhatIsServedFromWhatIsHistory(t *testing.T) {
	served, older, hidden, history := one("a", difference.Failed, 1), one("b", difference.Failed, 1), one("c", difference.Failed, 1), one("d", difference.Failed, 1)
	for _, d := range []*difference.Difference{&served, &older, &hidden} {
		d.A.Latest = true
	}
	older.CurrentB = &difference.Entry{VersionID: "before", Latest: true}
	hidden.CurrentB = &difference.Entry{VersionID: "marker", Latest: true, Marker: true}
	history.CurrentA, history.CurrentB = older.CurrentB, older.CurrentB
	var tally difference.Tally
	for _, d := range []difference.Difference{served, older, hidden, history} {
		tally.Add(d)
	}
	if g := tally.Groups[0]; g.Keys != 4 || g.Current != 3 || g.Alone != 2 {
		t.Errorf("%+v", g)
	}
}
