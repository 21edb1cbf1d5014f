package pair

import (
	"encoding/json"
	"fmt"
)

// Event is one thing that an engine reports: a step's change of status, a
// sample, a summary. The console, the plain lines, the JSON lines and the
// journal all read the same events.
type Event interface {
	// EventName is the value of the "event" member in JSON.
	EventName() string
}

// Emit takes an engine's events, one call at a time, in order. It returns
// when the event is where it must be (an intent is on disk before its call
// goes out), so an engine must not hold a lock that the reader needs.
type Emit func(Event)

// EncodeEvent writes an event as one JSON object, "event" first, no newline,
// without characters that a terminal would obey.
func EncodeEvent(e Event) ([]byte, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode event %s: %w", e.EventName(), err)
	}
	if len(body) < 2 || body[0] != '{' {
		return nil, fmt.Errorf("encode event %s: not a JSON object", e.EventName())
	}
	line := append([]byte(`{"event":"`), e.EventName()...)
	line = append(line, '"')
	if len(body) > 2 {
		line = append(line, ',')
	}
	return append(line, EscapeJSON(body)[1:]...), nil
}
