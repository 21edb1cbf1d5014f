package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/fault"
)

// Script is what a file of faults holds: {"settling": {…}, "faults": […]}.
type Script struct {
	Settling    Settling
	Propagation time.Duration
	Faults      []Fault
}

// ParseScript reads a file of faults. Errors say where in it they are.
func ParseScript(file []byte) (Script, error) {
	var parsed struct {
		Settling struct {
			ConfigurationVisible   fault.Span `json:"configuration_visible"`
			ConfigurationEffective fault.Span `json:"configuration_effective"`
			VersioningEffective    fault.Span `json:"versioning_effective"`
			RoleAssumable          fault.Span `json:"role_assumable"`
			NameFree               fault.Span `json:"name_free"`
		} `json:"settling"`
		Faults []Fault `json:"faults"`
	}
	lines, err := decode(file, &parsed)
	if err != nil {
		return Script{}, err
	}
	// In a file a share that is not given is all, and a share of 0 would read
	// as none.
	var shares struct{ Faults []struct{ Share *float64 } }
	if err := json.Unmarshal(file, &shares); err != nil {
		return Script{}, err
	}
	for i := range parsed.Faults {
		err := parsed.Faults[i].Check(vocabulary)
		if share := shares.Faults[i].Share; err == nil && share != nil && *share == 0 {
			err = fmt.Errorf("fault %s: a share of 0 hits nothing; give one above 0, to 1, or leave share out for all", parsed.Faults[i].Kind)
		}
		if err != nil {
			place := fmt.Sprintf("faults, entry %d", i+1)
			return Script{}, fmt.Errorf("line %d, %s: %w", lines[place], place, err)
		}
	}
	given := parsed.Settling
	for _, d := range []fault.Span{
		given.ConfigurationVisible, given.ConfigurationEffective, given.VersioningEffective, given.RoleAssumable, given.NameFree,
	} {
		if d < 0 {
			return Script{}, fmt.Errorf("settling: %v is negative", time.Duration(d))
		}
	}
	return Script{
		Settling: Settling{
			ConfigurationVisible:   time.Duration(given.ConfigurationVisible),
			ConfigurationEffective: time.Duration(given.ConfigurationEffective),
			VersioningEffective:    time.Duration(given.VersioningEffective),
			NameFree:               time.Duration(given.NameFree),
		},
		Propagation: time.Duration(given.RoleAssumable), Faults: parsed.Faults,
	}, nil
}

// vocabulary is what the words of faults can be.
var vocabulary = fault.Vocabulary{
	Region:   distance.Known,
	Services: serviceNames(),
	Operation: func(of, name string) bool {
		return slices.ContainsFunc(services, func(s service) bool {
			return (of == "" || of == s.name) && s.has(name)
		})
	},
}
