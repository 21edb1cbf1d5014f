package pair_test

import (
	"encoding/json"
	"testing"

	"bothways/aws/pair"
)

type empty struct{}

func (empty) EventName() string { return "empty" }

type full struct {
	Direction pair.Direction `json:"direction"`
}

func (full) EventName() string { return "full" }

func TestAnEventIsOneJSONObjectWithItsNameFirst(t *testing.T) {
	for event, want := range map[pair.Event]string{
		empty{}:          `{"event":"empty"}`,
		full{pair.BtoA}:  `{"event":"full","direction":"BtoA"}`,
		&full{pair.AtoB}: `{"event":"full","direction":"AtoB"}`,
	} {
		line, err := pair.EncodeEvent(event)
		if err != nil || string(line) != want {
			t.Errorf("got %s, %v; want %s", line, err, want)
		}
	}
}

func TestDirectionsAreReadBackAsTheyWereWritten(t *testing.T) {
	for _, d := range pair.Directions() {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back pair.Direction
		if err := json.Unmarshal(text, &back); err != nil || back != d {
			t.Errorf("%s is read back as %v, %v", text, back, err)
		}
	}
	var d pair.Direction
	if err := json.Unmarshal([]byte(`"sideways"`), &d); err == nil {
		t.Error("a third direction is accepted")
	}
}

type told struct {
	Text string `json:"text"`
}

func (told) EventName() string { return "told" }

// Package json leaves these as they are, and a terminal obeys them.
func TestAnEventHasNoCharactersThatATerminalObeys(t *testing.T) {
	event := told{"a\x7f\u009b31m\u202e\u2066\u2028\U000E0001 é\u00a0日 <b>"}
	line, err := pair.EncodeEvent(event)
	const want = `{"event":"told","text":"a\u007f\u009b31m\u202e\u2066\u2028\udb40\udc01 é\u00a0日 \u003cb\u003e"}`
	if err != nil || string(line) != want {
		t.Errorf("got %q, %v; want %s", line, err, want)
	}
	var back told
	if err := json.Unmarshal(line, &back); err != nil || back != event {
		t.Errorf("it is read back as %q, %v", back.Text, err)
	}
}
