package session

import (
	"context"
	"fmt"
	"slices"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/probe"
	"bothways/probe/body"
)

// uploads says what probes have to carry on each side, by the derivation that
// canaries go by.
func uploads(ctx context.Context, world survey.World, asked probe.Config, tagged map[pair.SideName]pair.Tags) (map[pair.SideName]probe.Upload, error) {
	found, err := survey.ReadUploads(ctx, world)
	if err != nil {
		return nil, err
	}
	ofProbes := func(r survey.Right) bool {
		return r.For == pair.Measure && (r.Action == "s3:PutObject" || r.Action == "s3:DeleteObjectVersion")
	}
	if err := step.LookAtRights(ctx, found, ofProbes); err != nil {
		return nil, err
	}
	inParts := slices.Max(asked.Sizes) > body.SinglePutMax
	known := map[pair.SideName]probe.Upload{}
	for _, name := range pair.Sides() {
		upload := wanted.ProbeUpload(found, name, tagged[name], inParts)
		one := probe.Upload{Carries: upload.Headers}
		if by := upload.RefusedBy(); by != "" {
			one.Denied = fmt.Sprintf("the policy of bucket %s has an explicit deny of every upload of bothways (%s)", world.Pair.Side(name).Bucket, by)
		}
		for _, m := range found.Lacks(name) {
			if inParts && m.Action == "s3:PutObject" && m.Optional && len(m.Unknown) == 0 {
				one.Denied = "uploads in parts can't carry what is asked for (If-None-Match, at their beginning): " + m.By
			}
		}
		one.Kept, _ = wanted.Kept(found, name, world.Pair.ProbePrefix())
		known[name] = one
	}
	return known, nil
}
