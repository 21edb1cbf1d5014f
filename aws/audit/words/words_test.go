package words_test

import (
	"strings"
	"testing"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
)

// row is a difference of a key that a side alone has.
func row(key string, side pair.SideName, v difference.Verdict, r difference.Remedy) difference.Difference {
	e := &difference.Entry{VersionID: "v", Latest: true, Size: 10}
	d := difference.Difference{Candidate: difference.Candidate{Key: key, Kind: difference.OneSided}, Verdict: v, Remedy: r}
	if side == pair.A {
		d.A = e
	} else {
		d.B = e
	}
	return d
}

func tallied(same int64, rows ...difference.Difference) difference.Tally {
	var t difference.Tally
	if same > 0 {
		t.AddSame(same, same)
	}
	for _, d := range rows {
		t.Add(d)
	}
	return t
}

func TestEveryVerdictHasItsWords(t *testing.T) {
	seen := map[string]difference.Verdict{}
	for _, v := range difference.Verdicts() {
		label, meaning := words.Label(v), words.Meaning(v)
		if label == "" || !strings.HasSuffix(meaning, ".") || strings.Contains(meaning, "does not know it") {
			t.Errorf("%s: %q, %q", v, label, meaning)
		}
		if other, twice := seen[label]; twice {
			t.Errorf("%s and %s are both called %q", v, other, label)
		}
		seen[label] = v
	}
	if words.Label("of a later version") != "of a later version" {
		t.Error("a verdict that is not known is not named")
	}
}

func TestTheHeadlineSaysWhatIsLostFirst(t *testing.T) {
	conflict := difference.Difference{Candidate: difference.Candidate{Key: "c", Kind: difference.OtherCurrent, A: &difference.Entry{}, B: &difference.Entry{}}, Verdict: difference.Conflict, Remedy: difference.ChooseWinner}
	failed := row("a", pair.A, difference.Failed, difference.Replicate)
	for name, c := range map[string]struct {
		tally    difference.Tally
		complete bool
		want     string
	}{
		"nothing":      {tallied(0), true, "Both sides are empty."},
		"nothing yet":  {tallied(0), false, "Nothing was compared yet."},
		"the same":     {tallied(10412), true, "Both sides hold the same: 10,412 versions."},
		"same so far":  {tallied(1), false, "So far: both sides hold the same: 1 version."},
		"one missing":  {tallied(10, failed), true, "Of 11 versions, 1 is missing on B."},
		"both ways":    {tallied(9998, failed, row("b", pair.B, difference.Gone, difference.CopyInPlace)), true, "Of 10,000 versions, 1 is missing on B; 1 is missing on A."},
		"a conflict":   {tallied(1, failed, failed, conflict), true, "Of 4 versions, in 1 key each side serves another version; 2 are missing on B."},
		"unknown":      {tallied(1, row("a", pair.A, difference.Unknown, difference.Look)), true, "Nothing is known to be wrong, but of 2 versions, 1 could not be told."},
		"unknown, too": {tallied(1, failed, row("a", pair.A, difference.Unknown, difference.Look)), true, "Of 3 versions, 1 is missing on B; 1 could not be told."},
		"waiting":      {tallied(1, row("a", pair.A, difference.InFlight, difference.Wait)), true, "Nothing is wrong in 2 versions; 1 is on the way or too young to judge."},
		"a deletion":   {tallied(1, row("a", pair.B, difference.MarkerStayed, difference.Replicate)), true, "Of 2 versions, 1 deletion did not travel to A."},
	} {
		if got := words.Headline(c.tally, c.complete, nil); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestEachRemedyIsCountedWithTheFlagsThatAgreeToIt(t *testing.T) {
	tally := tallied(1,
		row("a", pair.A, difference.Failed, difference.Replicate), row("b", pair.A, difference.Gone, difference.CopyInPlace), row("b2", pair.A, difference.Gone, difference.CopyInPlace),
		row("c", pair.A, difference.Failed, difference.Repair), row("d", pair.A, difference.Unknown, difference.Look),
		row("e", pair.A, difference.MarkerStayed, difference.PlaceMarker), row("f", pair.A, difference.MarkerStayed, difference.Look))
	if got, want := words.Mending(tally), "To put right: 1 by a batch job; 2 by copies in place (--copies); 1 by a delete marker (--markers); "+
		"1 once the pair is repaired (bothways doctor); 2 only you can: look at them."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	flags, ok := words.BackfillFlags(tally)
	if !ok || strings.Join(flags, " ") != "--copies --markers" {
		t.Errorf("%q, %t", flags, ok)
	}
	if got := words.Mending(tallied(3)); got != "" {
		t.Error(got)
	}
	if _, ok := words.BackfillFlags(tallied(3, row("d", pair.A, difference.Unknown, difference.Look))); ok {
		t.Error("a backfill is said to help where it does nothing")
	}
}

func TestPlainWordsNameThePlaces(t *testing.T) {
	newer, older := row("n", pair.A, difference.Failed, ""), row("o", pair.A, difference.Failed, "")
	newer.CurrentB = &difference.Entry{VersionID: "w", Latest: true}
	older.A.Latest = false
	gone := row("m", pair.B, difference.MarkerStayed, "")
	gone.B.Marker = true
	got := words.Plainly(tallied(5,
		row("a", pair.A, difference.Failed, ""), row("b", pair.A, difference.Failed, ""), row("c", pair.B, difference.Gone, ""), newer, older, gone,
	), words.Places{pair.A: "Ireland", pair.B: "Singapore"})
	want := []string{
		"2 files are only in Ireland, 1 file is newer in Ireland, older versions of 1 file are only in Ireland.",
		"1 file is only in Singapore.",
		"1 file that was deleted in Singapore is still in Ireland.",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// Neither place has the newer one where each has its own.
	here, there := row("x", pair.A, difference.NeverEligible, ""), row("x", pair.B, difference.NeverEligible, "")
	here.CurrentB, there.CurrentA = there.B, here.A
	if got := words.Plainly(tallied(5, here, there, newer), words.Places{pair.A: "Ireland", pair.B: "Singapore"}); strings.Join(got, " ") != "1 file reads differently in Ireland and in Singapore. 1 file is newer in Ireland." {
		t.Error(got)
	}
	if got := words.Plainly(tallied(3), nil); got != nil {
		t.Error(got)
	}
}

func TestTheTableHasEachVersionOnce(t *testing.T) {
	tally := tallied(7, row("a", pair.A, difference.Failed, difference.Replicate), row("b", pair.B, difference.Failed, difference.Replicate), row("c", pair.A, difference.InFlight, difference.Wait))
	tally.AddCount(difference.Young, difference.Count{Versions: 2})
	tally.AddCount(difference.InFlight, difference.Count{Versions: 3})
	var got []string
	all := int64(0)
	for _, r := range words.Rows(tally) {
		got = append(got, words.Symbol(r.Verdict)+" "+words.Label(r.Verdict)+" "+r.Where()+" "+words.Number(r.Versions))
		all += r.Versions
	}
	want := []string{
		"✗ missing: replication failed A only 1", "✗ missing: replication failed B only 1",
		"… on its way  3", "… on its way A only 1", "✓ the same both 7", "… newer than the audit  2",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if sum := words.Sum(tally); all != sum.All {
		t.Errorf("the rows have %d versions, the sum %d", all, sum.All)
	}
}
