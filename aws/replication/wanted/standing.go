package wanted

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Standing is the pair with the options that its standing rules have, so that
// a set-up with them changes nothing about what the rules cover and do. What a
// rule doesn't tell (tags of what is made, settling) stays as in base. known
// says that a rule of ours stands; alike, that those of both directions have
// the same options.
func Standing(s *survey.Survey, base pair.Pair) (as pair.Pair, known, alike bool) {
	as, alike = base, true
	for _, d := range pair.Directions() {
		own, _ := s.OwnRules(d)
		if len(own) != 1 {
			continue
		}
		options := optionsOf(s, own[0], base.Options)
		alike = alike && (!known || options == as.Options)
		as.Options, known = options, true
		if key := ReplicaKey(&own[0]); key != defaultKey(s, d.To()) {
			as.Given = as.Given.WithKey(d.To(), key)
		}
		if role := s.Directions[d].Others; role != nil && s.GuestOf(d) == nil {
			as.Given = as.Given.WithRole(d, role.ARN)
		}
	}
	return as, known, alike
}

func optionsOf(s *survey.Survey, r types.ReplicationRule, o pair.Options) pair.Options {
	tags := make([]pair.Tag, 0, len(TagsOf(r)))
	for _, t := range TagsOf(r) {
		tags = append(tags, pair.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)})
	}
	o.Prefix, o.FilterTags = PrefixOf(r), pair.NewTags(tags)
	o.DeleteMarkers = r.DeleteMarkerReplication != nil && r.DeleteMarkerReplication.Status == types.DeleteMarkerReplicationStatusEnabled
	c := r.SourceSelectionCriteria
	o.ReplicaModifications = c != nil && c.ReplicaModifications != nil && c.ReplicaModifications.Status == types.ReplicaModificationsStatusEnabled
	to := r.Destination
	if to == nil {
		to = &types.Destination{}
	}
	o.StorageClass = string(to.StorageClass)
	o.TimeControl = to.ReplicationTime != nil && to.ReplicationTime.Status == types.ReplicationTimeStatusEnabled
	o.Metrics = !o.TimeControl && to.Metrics != nil && to.Metrics.Status == types.MetricsStatusEnabled
	o.KeepReplicaOwner = s.TwoAccounts() && to.AccessControlTranslation == nil
	return o
}
