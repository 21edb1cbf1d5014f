package fis

import (
	"strconv"
)

// leverID is the id of the lever that every account has in every region.
const leverID = "default"

// Lever is the safety lever of an account in a region: while it is engaged, no
// experiment runs (AWS FIS User Guide, Safety levers).
type Lever struct {
	Account, Region string
	Engaged         bool
	Reason          string
}

func (l Lever) engaged() bool { return l.Engaged }

func (l Lever) status() string {
	if l.Engaged {
		return "engaged"
	}
	return "disengaged"
}

func (l Lever) answer(p place) any {
	type state struct {
		Status string `json:"status"`
		Reason string `json:"reason,omitempty"`
	}
	return map[string]any{"safetyLever": struct {
		ID    string `json:"id"`
		ARN   string `json:"arn"`
		State state  `json:"state"`
	}{leverID, arn(p.region, p.account, "safety-lever/"+leverID), state{l.status(), l.Reason}}}
}

// lever finds the one that the path names, for a caller who may.
func (c *call) lever(action string) (place, error) {
	here := place{c.account, c.region}
	if err := c.may(action, nil, arn(c.region, c.account, "safety-lever/"+c.subject)); err != nil {
		return here, err
	}
	if c.subject != leverID {
		return here, notFound("Safety lever with ID " + c.subject + " not found.")
	}
	return here, nil
}

func getLever(c *call) (any, error) {
	here, err := c.lever("fis:GetSafetyLever")
	if err != nil {
		return nil, err
	}
	return c.levers[here].answer(here), nil
}

// updateLever engages or disengages the lever. Engaging it stops what runs.
// Another reason for the state that it is in is a conflict, as the provider of
// Terraform has seen.
func updateLever(c *call) (any, error) {
	var in struct {
		State *struct {
			Status string `json:"status"`
			Reason string `json:"reason"`
		} `json:"state"`
	}
	unread := c.read(&in)
	here, err := c.lever("fis:UpdateSafetyLeverState")
	switch {
	case err != nil:
		return nil, err
	case unread != nil:
		return nil, unread
	case in.State == nil:
		return nil, missing("state")
	case in.State.Status == "":
		return nil, missing("state.status")
	case in.State.Reason == "":
		return nil, missing("state.reason")
	case in.State.Status != "engaged" && in.State.Status != "disengaged":
		return nil, invalid("1 validation error detected: Value " + strconv.Quote(in.State.Status) + " at 'state.status' failed to satisfy constraint: Member must satisfy enum value set: [disengaged, engaged]")
	}
	lever := Lever{here.account, here.region, in.State.Status == "engaged", in.State.Reason}
	now := c.levers[here]
	if now.Engaged == lever.Engaged {
		if now.Reason != "" && now.Reason != lever.Reason {
			return nil, conflict("The safety lever is " + now.status() + " already, for another reason")
		}
	}
	c.levers[here] = lever
	c.log.Append(entryLever, lever)
	if lever.Engaged {
		for _, e := range c.experiments {
			if e.Account == here.account && e.Region == here.region && e.State.Status != Pending {
				c.stop(e, "Experiment stopped: the safety lever was engaged.")
			}
		}
	}
	return lever.answer(here), nil
}
