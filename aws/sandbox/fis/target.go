package fis

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"bothways/aws/sandbox/store"
)

// bucketType is the only type of resources that is here.
const bucketType = "aws:s3:bucket"

var selections = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:ALL|(COUNT|PERCENT)\((\d{1,6})\))$`) })

// check holds a target to what FIS asks of buckets: they are found by their tags
// alone ("This action only supports targeting by tags", AWS FIS User Guide,
// Actions reference). In which words FIS refuses others is undocumented.
func (t *Target) check(name string) error {
	said := "The target " + strconv.Quote(name)
	match := selections().FindStringSubmatch(t.SelectionMode)
	switch {
	case t.ResourceType == "":
		return missing("targets." + name + ".member.resourceType")
	case t.SelectionMode == "":
		return missing("targets." + name + ".member.selectionMode")
	case t.ResourceType != bucketType:
		return notHere("targets of the type " + strconv.Quote(t.ResourceType) + ": they are of " + bucketType)
	case len(t.ResourceARNs) > 0:
		return invalid(said + " has resourceArns: resources of the type " + bucketType + " can only be targeted by tags")
	case len(t.Filters) > 0:
		return invalid(said + " has filters: resources of the type " + bucketType + " can only be targeted by tags")
	case len(t.Parameters) > 0:
		return invalid(said + " has parameters: resources of the type " + bucketType + " can only be targeted by tags")
	case len(t.ResourceTags) == 0:
		return invalid(said + " has no resourceTags")
	case match == nil:
		return invalid("The selection mode " + strconv.Quote(t.SelectionMode) + " of the target " + strconv.Quote(name) + " is none of ALL, COUNT(n) and PERCENT(n)")
	}
	if n, _ := strconv.Atoi(match[2]); match[1] != "" && (n == 0 || match[1] == "PERCENT" && n > 100) {
		return invalid("The selection mode " + strconv.Quote(t.SelectionMode) + " of the target " + strconv.Quote(name) + " selects nothing that there can be")
	}
	for key, value := range t.ResourceTags {
		if err := first(long("targets.resourceTags.key", key, 1, 128), long("targets.resourceTags.value", value, 0, 256)); err != nil {
			return err
		}
	}
	return nil
}

// fits says whether a bucket has all the tags.
func (t *Target) fits(b *store.Bucket) bool {
	have := map[string]string{}
	for _, tag := range b.Tags() {
		have[tag.Key] = tag.Value
	}
	for key, value := range t.ResourceTags {
		if got, found := have[key]; !found || got != value {
			return false
		}
	}
	return true
}

// choose takes from what was found what the selection mode wants, at random. A
// percentage is rounded down (AWS FIS User Guide, Targets, Selection mode); of
// a count above what there is, all are taken, which is undocumented.
func (t *Target) choose(found []string, draw *rand.Rand) []string {
	match := selections().FindStringSubmatch(t.SelectionMode)
	if match == nil || match[1] == "" {
		return found
	}
	n, _ := strconv.Atoi(match[2])
	if strings.HasPrefix(t.SelectionMode, "PERCENT") {
		n = len(found) * n / 100
	}
	draw.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	return found[:min(n, len(found))]
}
