package fis_test

import (
	"math"
	"testing"
	"time"

	"bothways/aws/sandbox/fis"
	"bothways/aws/sandbox/replicate"
)

func TestATailIsReadAndWritten(t *testing.T) {
	for text, want := range map[string]replicate.Tail{
		"none":                       {},
		"existing":                   {For: 30 * time.Second, Share: 1},
		"existing:for=1h":            {For: time.Hour, Share: 1},
		"all:share=0.25,for=1m30s":   {For: 90 * time.Second, Share: 0.25, New: true},
		"existing:for=0s,share=0.5":  {Share: 0.5},
		"all:for=10m,share=1":        {For: 10 * time.Minute, Share: 1, New: true},
		"existing:for=500ms,share=0": {For: 500 * time.Millisecond},
	} {
		got, err := fis.ParseTail(text)
		if err != nil || got != want {
			t.Errorf("%s is %v, %v", text, got, err)
		}
		if again, err := fis.ParseTail(fis.TailText(got)); err != nil || again != got && fis.TailText(got) != "none" {
			t.Errorf("%s is written as %s", text, fis.TailText(got))
		}
	}
	for _, text := range []string{"", "some", "none:for=1s", "existing:", "existing:for", "existing:for=2h", "existing:for=-1s", "all:share=2", "all:share=NaN", "all:for=30s;share=1"} {
		if got, err := fis.ParseTail(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestWhatS3ShowsIsReadAndWritten(t *testing.T) {
	for _, text := range []string{"unchanged", "disabled-rules", "no-status", "disabled-rules,no-status"} {
		if got, err := fis.ParseShows(text); err != nil || fis.ShowsText(got) != text {
			t.Errorf("%s is %v, %v", text, got, err)
		}
	}
	if _, err := fis.ParseShows("unchanged,no-status"); err == nil {
		t.Error("unchanged with a change is taken")
	}
}

func FuzzParseTail(f *testing.F) {
	f.Add("existing:for=1h,share=0.5")
	f.Add("all:for=,share=")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := fis.ParseTail(text)
		if err == nil && (got.For < 0 || got.For > time.Hour || math.IsNaN(got.Share) || got.Share < 0 || got.Share > 1) {
			t.Errorf("%q is %v", text, got)
		}
	})
}
