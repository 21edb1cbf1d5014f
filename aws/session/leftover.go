package session

import (
	"context"
	"sync"

	"github.com/sourcegraph/conc"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// LeftOver counts the versions that lie where only bothways writes, by side, as
// far as one page of each shows: up to 1,000. Of a side that can't be read
// nothing is said, for nothing depends on it.
func (s *Session) LeftOver(ctx context.Context, access account.Access, p pair.Pair) (map[pair.SideName]int, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return nil, err
	}
	left := map[pair.SideName]int{}
	var mu sync.Mutex
	var sides conc.WaitGroup
	for _, name := range pair.Sides() {
		sides.Go(func() {
			bucket := p.Side(name).Bucket
			found, err := survey.ReadLeft(ctx, world.Clients(name).S3, &bucket, nil, p.ObjectPrefix())
			if err != nil || found.Left == 0 {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			left[name] = found.Left
		})
	}
	sides.Wait()
	return left, nil
}
