package sandbox

import (
	"maps"

	"bothways/aws/sandbox/fis"
	"bothways/aws/sandbox/replicate"
)

// Pauses is how pauses of AWS FIS go, where AWS does not say.
type Pauses = fis.Pauses

// CommonPauses are those to show people.
func CommonPauses() Pauses { return fis.CommonPauses() }

// assumeForFIS has FIS assume the role of an experiment, as its trust policy
// allows for what FIS says of the experiment.
func (s *Sandbox) assumeForFIS(roleARN string, said map[string]string) (replicate.May, error) {
	role, err := s.accounts.AssumeRole(roleARN, fis.Service, said)
	if err != nil {
		return nil, err
	}
	onResources := s.mayAs(role)
	return func(action, resource string, conditions map[string]string) bool {
		if resource != "*" {
			return onResources(action, resource, conditions)
		}
		keys := map[string]string{"aws:SecureTransport": "true"}
		maps.Copy(keys, conditions)
		return s.accounts.Authorize(role, action, resource, keys).Allow
	}, nil
}
