package s3control

import (
	"strconv"
	"unicode/utf8"

	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/xmltree"
)

func updateStatus(c *call) error {
	query := c.r.URL.Query()
	wanted, why := query.Get("requestedJobStatus"), query.Get("statusUpdateReason")
	if _, err := c.job("s3:UpdateJobStatus", nil); err != nil {
		return err
	}
	if utf8.RuneCountInString(why) > 256 {
		return badRequest("The reason of an update has at most 256 characters")
	}
	var j batch.Job
	var err error
	switch batch.Status(wanted) {
	case batch.Ready:
		j, err = c.Jobs.Confirm(c.account, c.region, c.subject, why)
	case batch.Cancelled:
		j, err = c.Jobs.Cancel(c.account, c.region, c.subject, why)
	default:
		return badRequest("A job can be updated to Ready or Cancelled, not to " + strconv.Quote(wanted))
	}
	if err != nil {
		return refusalOf(err, "to go from "+string(j.Status)+" to "+wanted)
	}
	answer := xmltree.Of("UpdateJobStatusResult", xmltree.Leaf("JobId", j.ID), xmltree.Leaf("Status", string(j.Status)))
	if j.Update != "" {
		answer.Children = append(answer.Children, xmltree.Leaf("StatusUpdateReason", j.Update))
	}
	return c.answer(answer)
}

func updatePriority(c *call) error {
	text := c.r.URL.Query().Get("priority")
	priority, wrong := priorityOf(text)
	if _, err := c.job("s3:UpdateJobPriority", map[string]string{"s3:RequestJobPriority": strconv.Itoa(priority)}); err != nil {
		return err
	}
	if wrong != nil {
		return badRequest("The priority of a job is from 0 to 2147483647, not " + strconv.Quote(text))
	}
	j, err := c.Jobs.SetPriority(c.account, c.region, c.subject, priority)
	if err != nil {
		return refusalOf(err, "another priority, since it is "+string(j.Status))
	}
	return c.answer(xmltree.Of("UpdateJobPriorityResult", xmltree.Leaf("JobId", j.ID), xmltree.Leaf("Priority", strconv.Itoa(j.Priority))))
}
