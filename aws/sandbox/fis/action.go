package fis

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/distance"
)

// pauseAction is the only action that is here, and targetKey what it calls its
// targets.
const (
	pauseAction = "aws:s3:bucket-pause-replication"
	targetKey   = "Buckets"
)

// The times that an action may take (AWS FIS User Guide, Actions reference:
// "from one minute to 12 hours").
const (
	leastDuration = time.Minute
	mostDuration  = 12 * time.Hour
)

// pauseOrder is what the parameters of an action say.
type pauseOrder struct {
	lasts                  time.Duration // as AWS counts
	region                 string        // of the destinations
	destinations, prefixes []string
}

// checkAction holds an action to what it must have.
func (p *Plan) checkAction(name string, a Action) error {
	said := "The action " + strconv.Quote(name)
	if a.ActionID == "" {
		return missing("actions." + name + ".member.actionId")
	}
	if a.ActionID != pauseAction {
		return notFound("Action with ID " + a.ActionID + " not found.")
	}
	if err := long("actions."+name+".member.description", a.Description, 0, 512); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(a.Targets)) {
		if key != targetKey {
			return invalid("Unexpected target " + strconv.Quote(key) + " found in action")
		}
	}
	target, found := a.Targets[targetKey]
	if !found {
		return invalid(said + " has no target " + strconv.Quote(targetKey))
	}
	if _, found := p.Targets[target]; !found {
		return invalid(said + " names the target " + strconv.Quote(target) + ", which is not in the template")
	}
	_, err := a.order(name)
	return err
}

// order reads the parameters of an action. Which region the destinations may be
// in is undocumented; that of the experiment itself is let through.
func (a Action) order(name string) (pauseOrder, error) {
	o := pauseOrder{region: a.Parameters["region"]}
	for _, key := range slices.Sorted(maps.Keys(a.Parameters)) {
		value := a.Parameters[key]
		if err := long("actions."+name+".member.parameters."+key, value, 1, 1024); err != nil {
			return o, err
		}
		switch key {
		case "region", "duration":
		case "destinationBuckets":
			o.destinations = listed(value)
		case "prefixes":
			o.prefixes = listed(value)
		default:
			return o, invalid("Unexpected parameter " + strconv.Quote(key) + " found in action " + strconv.Quote(name))
		}
	}
	lasts, ok := duration(a.Parameters["duration"])
	switch {
	case a.Parameters["duration"] == "":
		return o, invalid("The parameter duration is required in action " + strconv.Quote(name))
	case !ok:
		return o, invalid("The parameter duration of action " + strconv.Quote(name) + " must be a duration such as PT15M, not " + strconv.Quote(a.Parameters["duration"]))
	case lasts < leastDuration || lasts > mostDuration:
		return o, invalid("The parameter duration of action " + strconv.Quote(name) + " must be from PT1M to PT12H, not " + a.Parameters["duration"])
	case o.region == "":
		return o, invalid("The parameter region is required in action " + strconv.Quote(name))
	case !distance.Known(o.region):
		return o, invalid("The parameter region of action " + strconv.Quote(name) + " is no region: " + strconv.Quote(o.region))
	}
	o.lasts = lasts
	return o, nil
}

// listed reads a list with commas.
func listed(text string) []string {
	var all []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}
