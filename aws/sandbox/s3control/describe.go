package s3control

import (
	"strconv"
	"time"

	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/xmltree"
)

// job finds the job that a request is about and asks for an action on it.
func (c *call) job(action string, said map[string]string) (batch.Job, error) {
	j, err := c.Jobs.Find(c.account, c.region, c.subject)
	resource := "arn:aws:s3:" + c.region + ":" + c.account + ":job/" + c.subject
	keys := map[string]string{}
	if err == nil {
		keys["s3:ExistingJobOperation"] = operationOf(requestOf(j))
		keys["s3:ExistingJobPriority"] = strconv.Itoa(j.Priority)
		if j.Status == batch.Suspended {
			keys["s3:JobSuspendedCause"] = awaiting
		}
		for _, tag := range j.Tags {
			keys["aws:ResourceTag/"+tag.Key] = tag.Value
		}
	}
	for key, value := range said {
		keys[key] = value
	}
	if err := c.allowed(action, resource, keys); err != nil {
		return j, err
	}
	return j, refusalOf(err, "")
}

// awaiting is why a job is suspended (S3 User Guide, Granting permissions for
// Batch Operations).
const awaiting = "AwaitingConfirmation"

// requestOf reads again what a job was created by. It was read before.
func requestOf(j batch.Job) *xmltree.Node {
	doc, err := xmltree.Parse([]byte(j.Document))
	if err != nil {
		return &xmltree.Node{}
	}
	return doc
}

func describeJob(c *call) error {
	j, err := c.job("s3:DescribeJob", nil)
	if err != nil {
		return err
	}
	doc := requestOf(j)
	job := xmltree.Of("Job",
		xmltree.Leaf("JobId", j.ID), xmltree.Leaf("ConfirmationRequired", strconv.FormatBool(j.Confirm)),
	)
	add := func(nodes ...*xmltree.Node) { job.Children = append(job.Children, nodes...) }
	echo := func(name string) {
		if n := doc.Child(name); n != nil {
			add(n)
		}
	}
	echo("Description")
	add(xmltree.Leaf("JobArn", j.ARN()), xmltree.Leaf("Status", string(j.Status)))
	echo("Manifest")
	echo("Operation")
	add(xmltree.Leaf("Priority", strconv.Itoa(j.Priority)), progress(j))
	if j.Update != "" {
		add(xmltree.Leaf("StatusUpdateReason", j.Update))
	}
	if len(j.Failures) > 0 {
		reasons := xmltree.Of("FailureReasons")
		for _, f := range j.Failures {
			member := xmltree.Of("member")
			if f.Code != "" {
				member.Children = append(member.Children, xmltree.Leaf("FailureCode", f.Code))
			}
			member.Children = append(member.Children, xmltree.Leaf("FailureReason", f.Reason))
			reasons.Children = append(reasons.Children, member)
		}
		add(reasons)
	}
	echo("Report")
	add(xmltree.Leaf("CreationTime", stamp(j.Created)))
	if j.Status.Ended() {
		add(xmltree.Leaf("TerminationDate", stamp(j.Ended)))
	}
	add(xmltree.Leaf("RoleArn", j.RoleARN))
	if !j.SuspendedAt.IsZero() {
		add(xmltree.Leaf("SuspendedDate", stamp(j.SuspendedAt)), xmltree.Leaf("SuspendedCause", awaiting))
	}
	echo("ManifestGenerator")
	if g := j.Generated; g != nil {
		add(xmltree.Of("GeneratedManifestDescriptor", xmltree.Leaf("Format", generatedFormat), xmltree.Of("Location",
			xmltree.Leaf("ObjectArn", "arn:aws:s3:::"+g.Bucket+"/"+g.Key), xmltree.Leaf("ETag", g.ETag))))
	}
	return c.answer(xmltree.Of("DescribeJobResult", job))
}

const generatedFormat = "S3InventoryReport_CSV_20211130"

// progress counts the tasks of a job.
func progress(j batch.Job) *xmltree.Node {
	return xmltree.Of("ProgressSummary",
		xmltree.Leaf("TotalNumberOfTasks", strconv.Itoa(j.Total)),
		xmltree.Leaf("NumberOfTasksSucceeded", strconv.Itoa(j.Succeeded)),
		xmltree.Leaf("NumberOfTasksFailed", strconv.Itoa(j.Failed)),
		xmltree.Of("Timers", xmltree.Leaf("ElapsedTimeInActiveSeconds", strconv.Itoa(int(j.Elapsed().Seconds())))))
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
