package session

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/pair"
)

// mostBeside is how many names beside a prefix are told of a side.
const mostBeside = 8

// Beside are the first folders and keys, quoted, that lie where a prefix looks for
// its own on each side, and those at the top where that is empty. It takes one or
// two requests a side.
func (s *Session) Beside(ctx context.Context, access account.Access, p pair.Pair, prefix string) (map[pair.SideName][]string, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return nil, err
	}
	found := map[pair.SideName][]string{}
	for _, side := range pair.Sides() {
		for _, folder := range slices.Compact([]string{prefix[:strings.LastIndex(prefix, "/")+1], ""}) {
			if len(found[side]) > 0 {
				continue
			}
			out, err := world.Clients(side).S3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{
				Bucket: aws.String(p.Side(side).Bucket), Prefix: aws.String(folder), Delimiter: aws.String("/"), MaxKeys: aws.Int32(mostBeside * 4), EncodingType: types.EncodingTypeUrl,
			})
			if err != nil {
				return nil, fmt.Errorf("look what lies beside %q on side %s: %w", prefix, side, err)
			}
			found[side] = names(out)
		}
	}
	return found, nil
}

// names are the first folders of a listing, then the first keys.
func names(out *s3.ListObjectVersionsOutput) []string {
	var all []string
	for _, common := range out.CommonPrefixes {
		all = append(all, strconv.Quote(unescaped(aws.ToString(common.Prefix))))
	}
	for _, v := range out.Versions {
		if name := strconv.Quote(unescaped(aws.ToString(v.Key))); !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	if len(all) > mostBeside {
		all = append(all[:mostBeside], "and more")
	}
	return all
}

// unescaped is a name as its owner wrote it: the listing was asked for in URL
// encoding, so that names that XML can't carry come whole.
func unescaped(name string) string {
	if plain, err := url.QueryUnescape(name); err == nil {
		return plain
	}
	return name
}
