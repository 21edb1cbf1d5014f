package configure

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// The kinds of steps; they begin their IDs.
const (
	KindBucket        step.Kind = "inventory-bucket"
	KindPolicy        step.Kind = "inventory-policy"
	KindConfiguration step.Kind = "inventory"
)

// Planned opens the journal of such a run.
type Planned struct {
	Pair     pair.Pair                `json:"pair"`
	Accounts map[pair.SideName]string `json:"accounts"`
	Undo     bool                     `json:"undo,omitempty"`
}

// EventName implements pair.Event.
func (Planned) EventName() string { return "inventory" }

// Durable says that the line must be on the disk before the first step.
func (Planned) Durable() bool { return true }

// Prepare reads what stands and plans what is missing. It changes nothing.
func Prepare(ctx context.Context, w survey.World, asked Asked) (plan.Plan, error) {
	s, err := survey.Read(ctx, w)
	if err != nil {
		return plan.Plan{}, err
	}
	p := plan.Plan{Pair: s.World.Pair, Accounts: s.Accounts(), Purpose: pair.Inventory}
	var rights []survey.Right
	for _, side := range pair.Sides() {
		f, err := find(ctx, s, side, asked.Buckets[side], asked.Prefix)
		if err != nil {
			return plan.Plan{}, err
		}
		if id := f.serves(p.Pair.InventoryID()); id != "" && f.standing == nil {
			p.Findings = append(p.Findings, finding(survey.Note, side, fmt.Sprintf("the inventory %q of side %s serves an audit already", id, side), "Nothing is made for this side."))
			continue
		}
		p.Findings = append(p.Findings, f.findings(s)...)
		p.Steps = append(p.Steps, f.steps(s, asked)...)
		rights = append(rights, wanted.InventoryRights(p.Pair, side, f.bucket, f.own)...)
	}
	if err := s.LookAtRights(ctx, rights); err != nil {
		return plan.Plan{}, err
	}
	for _, side := range pair.Sides() {
		p.Findings = append(p.Findings, plan.RightsFindings(s, side, pair.Inventory)...)
	}
	slices.SortStableFunc(p.Findings, func(x, y survey.Finding) int { return survey.Rank(x.Severity) - survey.Rank(y.Severity) })
	if len(p.Blocked()) > 0 {
		p.Steps = nil
	}
	return p, nil
}

func finding(severity survey.Severity, side pair.SideName, title, meaning string) survey.Finding {
	return survey.Finding{Severity: severity, Side: side, Title: title, Meaning: meaning}
}

// findings are what keeps a side's inventory from being made.
func (f found) findings(s *survey.Survey) []survey.Finding {
	flag, name, p := "--list-bucket-"+f.side.Slug(), f.bucket.Bucket, s.World.Pair
	block := func(title, meaning string) []survey.Finding {
		return []survey.Finding{finding(survey.Blocker, f.side, title, meaning)}
	}
	switch {
	case s.Sides[f.side].Silent != "":
		return block(s.NotReached(f.side), "Whether it is there is not known, so nothing is planned for it. Look again.")
	case s.Sides[f.side].Absent():
		return block("side "+string(f.side)+", "+f.of.String()+", is not there", "S3 lists what is there. bothways apply makes the pair.")
	case !f.own && (name == p.A.Bucket || name == p.B.Bucket):
		return block("the bucket for the lists is one of the pair's own", "The lists would be replicated, and audited, too. Give another one to "+flag+", or none.")
	case f.own && f.foreign:
		return block("the bucket "+name+" is somebody else's, or can't be looked at", "bothways would make it for the lists. Give a bucket of yours in "+f.bucket.Region+" to "+flag+".")
	case f.own && f.there && !f.ours:
		return block("the bucket "+name+" is not ours", "It lacks the tag "+pair.TagKey+"="+p.ID()+". Give a bucket of yours in "+f.bucket.Region+" to "+flag+", or tag it so.")
	case !f.own && !f.there:
		return block("the bucket "+name+" is not there, or not in "+f.bucket.Region, "S3 delivers lists to a bucket in the region of the one that they are of. Give another one to "+flag+", or none: then bothways makes one.")
	}
	if f.standing != nil && destination(f.standing) != name {
		return block("the inventory "+p.InventoryID()+" of side "+string(f.side)+" delivers to "+destination(f.standing), "Take it away first: bothways inventory --undo. Or leave "+flag+" out.")
	}
	if _, err := policy.TakeApart(f.policy); f.policy != "" && err != nil {
		return block("the bucket policy of "+name+" can't be understood", "A statement has to be added to it: "+err.Error())
	}
	return nil
}

// steps make what is missing of a side's inventory.
func (f found) steps(s *survey.Survey, asked Asked) []step.Step {
	p, clients := s.World.Pair, s.World.Clients(f.side)
	var steps []step.Step
	var needs []string
	if f.own {
		bucket := step.New(step.CreateBucket{
			Clients: clients, Side: f.bucket, Owner: f.account, Wanted: wanted.Side{Tags: wanted.MadeTags(s)}, Exists: f.there,
		}, step.Step{
			ID: KindBucket.OnSide(f.side), Kind: KindBucket, Side: f.side, Title: "bucket for lists", Target: f.bucket.String(), Change: step.Create,
			What: f.bucket.Bucket + ", private, encrypted, tagged " + pair.TagKey + "=" + p.ID(),
			Why:  "S3 delivers lists to a bucket of the same region; in the side's own they would be replicated, and audited, too.",
			Undo: "bothways inventory --undo removes it, once no lists lie in it",
		})
		if f.there {
			bucket.Change, bucket.What = step.Nothing, "stands from an earlier run"
		}
		steps, needs = append(steps, bucket), []string{bucket.ID}
	}
	parts, _ := policy.TakeApart(f.policy) // findings has what can't be
	becomes := policy.Compose(statement(p, f))
	if f.policy != "" {
		becomes = parts.With([]policy.Draft{statement(p, f)}, p.StatementID(statementAbout)).Text()
	}
	write := step.New(step.WritePolicy{
		Clients: clients, Pair: p, Side: f.bucket, Owner: f.account, Base: f.policy, Wanted: becomes, NewBucket: f.own && !f.there,
	}, step.Step{
		ID: KindPolicy.OnSide(f.side), Kind: KindPolicy, Side: f.side, Title: "bucket policy", Target: f.bucket.String(), Change: step.Modify, Needs: needs, Base: f.policy,
		What: "one statement more: S3 may write the lists of " + f.of.Bucket + " under " + p.InventoryPrefix() + "/; all others stay as they are",
		Why:  "Without it S3 delivers nothing, and says so only in its console.", Undo: "bothways inventory --undo takes the statement out again",
	})
	if policy.Same(f.policy, becomes) {
		write.Change, write.What = step.Nothing, "has the statement"
	}
	deed := putConfiguration{f, clients, configuration(p, f, asked), f.standing}
	put := step.New(deed.deed(), step.Step{
		ID: KindConfiguration.OnSide(f.side), Kind: KindConfiguration, Side: f.side, Title: "inventory", Target: f.of.String(), Change: step.Create, Needs: []string{write.ID},
		What: fmt.Sprintf("%s: all versions, daily, in %s, to %s", p.InventoryID(), deed.wanted.Destination.S3BucketDestination.Format, f.bucket.Bucket),
		Why:  "The first list comes within 48 hours; an audit by lists needs one of each side.", Undo: "bothways inventory --undo removes it; lists that were delivered stay",
	})
	switch {
	case same(f.standing, deed.wanted):
		put.Change, put.What = step.Nothing, p.InventoryID()+" stands"
	case f.standing != nil:
		put.Change, put.Base = step.Modify, text(f.standing)
	}
	return append(steps, write, put)
}

// deletion removes a configuration.
func (f found) deletion(id string) *s3.DeleteBucketInventoryConfigurationInput {
	return &s3.DeleteBucketInventoryConfigurationInput{Bucket: &f.of.Bucket, Id: &id, ExpectedBucketOwner: &f.account}
}
