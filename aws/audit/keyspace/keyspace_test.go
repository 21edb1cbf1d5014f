package keyspace_test

import (
	"fmt"
	"testing"
	"unicode/utf8"

	"bothways/aws/audit/keyspace"
)

func TestAMiddleLiesBetween(t *testing.T) {
	for _, ends := range [][2]string{
		{"", ""},
		{"a", ""},
		{"a", "b"},
		{"photos/0001", "photos/9"},
		{"photos/0001", keyspace.After("photos/")},
		{"日本", "日本語"},
		{"\x01", "\x02"},
		{"z", keyspace.After("z")},
		{"a😀", "b"},
		{"k\x7f", "k\u0080\u0080"},
		{"~", "\uE000"},
		{"\uD7FF", "\uE001a"},
	} {
		mid, ok := keyspace.NewLine(ends[0], ends[1]).Middle()
		if !ok || mid <= ends[0] || ends[1] != "" && mid >= ends[1] || !utf8.ValidString(mid) {
			t.Errorf("between %q and %q: %q, %v", ends[0], ends[1], mid, ok)
		}
	}
	if mid, ok := keyspace.NewLine("a", "a\x01").Middle(); ok {
		t.Errorf("between neighbours: %q", mid)
	}
}

func FuzzMiddle(f *testing.F) {
	f.Add("a", "b")
	f.Fuzz(func(t *testing.T, low, high string) {
		if !utf8.ValidString(low) || !utf8.ValidString(high) || high != "" && low >= high {
			t.Skip()
		}
		line := keyspace.NewLine(low, high)
		mid, ok := line.Middle()
		if !ok {
			return
		}
		if mid <= low || high != "" && mid >= high || !utf8.ValidString(mid) {
			t.Fatalf("%q is not between %q and %q", mid, low, high)
		}
		if share := line.Share(mid); share < 0 || share > 1 {
			t.Fatalf("share %v", share)
		}
	})
}

func TestHalvesOfUsualKeysAreNearHalves(t *testing.T) {
	low, high := "data/000000", keyspace.After("data/")
	if high, ok := keyspace.NewLine(low, high).Middle(); !ok {
		t.Error("no middle")
	} else if share := keyspace.NewLine(low, "data/999999").Share(high); share < 0.2 {
		t.Errorf("%q at %v", high, share)
	}
	last := 0.0
	for i := range 100 {
		share := keyspace.NewLine("k/", "k/99").Share(fmt.Sprintf("k/%02d", i))
		if share < last || share > 1 {
			t.Errorf("%d at %v after %v", i, share, last)
		}
		last = share
	}
}

func TestBeforeIsDirectlyBefore(t *testing.T) {
	for _, key := range []string{"a", "abc", "\x01", "a\x01", "\uE000", "é", "😀"} {
		before := keyspace.Before(key)
		if before >= key || !utf8.ValidString(before) {
			t.Errorf("%q before %q", before, key)
		}
	}
}
