package s3control

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"

	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/xmltree"
)

// mostJobs is how many jobs a page has at most (S3 API Reference, ListJobs).
const mostJobs = 1000

func listJobs(c *call) error {
	if err := c.allowed("s3:ListJobs", "*", nil); err != nil {
		return err
	}
	query := c.r.URL.Query()
	limit := mostJobs
	if text := query.Get("maxResults"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > mostJobs {
			return refusal.New(http.StatusBadRequest, "InvalidRequestException", "maxResults is from 0 to 1000, not "+strconv.Quote(text))
		}
		if n > 0 {
			limit = n
		}
	}
	wanted := query["jobStatuses"]
	for _, status := range wanted {
		if !slices.Contains(batch.Statuses, batch.Status(status)) {
			return refusal.New(http.StatusBadRequest, "InvalidRequestException", "There is no job status "+strconv.Quote(status))
		}
	}
	jobs := c.Jobs.List(c.account, c.region)
	if token := query.Get("nextToken"); token != "" {
		id, err := base64.RawURLEncoding.DecodeString(token)
		at := slices.IndexFunc(jobs, func(j batch.Job) bool { return j.ID == string(id) })
		if err != nil || at < 0 {
			return refusal.New(http.StatusBadRequest, "InvalidNextTokenException", "The token of the next page is not valid")
		}
		jobs = jobs[at+1:]
	}
	list, answer := xmltree.Of("Jobs"), xmltree.Of("ListJobsResult")
	last := ""
	for _, j := range jobs {
		if len(wanted) > 0 && !slices.Contains(wanted, string(j.Status)) {
			continue
		}
		if len(list.Children) == limit {
			answer.Children = append(answer.Children, xmltree.Leaf("NextToken", base64.RawURLEncoding.EncodeToString([]byte(last))))
			break
		}
		list.Children = append(list.Children, listed(j))
		last = j.ID
	}
	answer.Children = append(answer.Children, list)
	return c.answer(answer)
}

func listed(j batch.Job) *xmltree.Node {
	doc := requestOf(j)
	member := xmltree.Of("member", xmltree.Leaf("JobId", j.ID))
	if description := doc.Child("Description"); description != nil {
		member.Children = append(member.Children, description)
	}
	member.Children = append(member.Children,
		xmltree.Leaf("Operation", operationOf(doc)), xmltree.Leaf("Priority", strconv.Itoa(j.Priority)),
		xmltree.Leaf("Status", string(j.Status)), xmltree.Leaf("CreationTime", stamp(j.Created)))
	if j.Status.Ended() {
		member.Children = append(member.Children, xmltree.Leaf("TerminationDate", stamp(j.Ended)))
	}
	member.Children = append(member.Children, progress(j))
	return member
}
