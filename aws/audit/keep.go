package audit

import (
	"fmt"
	"os"
	"sync"

	"bothways/aws/audit/spill"
)

// keeper puts rows and checkpoints where they stay: the rows of a part first,
// brought to disk, then its checkpoint. One part at a time, so that what lies
// after the last checkpoint's rows is of none.
type keeper struct {
	run *run

	mu   sync.Mutex
	rows *os.File // nil: none are kept
	end  int64
}

// open opens the file of the rows, and drops what no checkpoint covers.
func (k *keeper) open(path string, resumed *Record) error {
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // beside the journal, in the user's own folder
	if err != nil {
		return fmt.Errorf("open the file of the differences: %w", err)
	}
	if resumed != nil {
		k.end = resumed.rowsEnd
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case info.Size() < k.end:
		err = fmt.Errorf("it has %d bytes, and the journal counts %d: rows are lost, so that this audit can't be gone on with; begin another", info.Size(), k.end)
	default:
		err = file.Truncate(k.end)
	}
	if err == nil {
		_, err = file.Seek(k.end, 0)
	}
	if err != nil {
		_ = file.Close() // the error before counts
		return fmt.Errorf("open the file of the differences %s: %w", path, err)
	}
	k.rows = file
	return nil
}

// commit puts a part's rows on the disk, then its checkpoint.
func (k *keeper) commit(p *Part, looked *looked) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	tally := p.Counts.Tally()
	if looked != nil {
		tally.Merge(looked.tally)
		if err := k.write(&looked.rows); err != nil {
			return err
		}
	}
	k.run.watch.settled(p, looked)
	k.run.emit(Checkpoint{Slice: p.Slice, From: p.From, To: p.To, Tally: tally, RowsEnd: k.end, Requests: k.run.watch.requests()})
	return nil
}

func (k *keeper) write(rows *spill.Text) error {
	if k.rows == nil {
		return nil
	}
	n, err := rows.WriteTo(k.rows)
	k.end += n
	if err == nil && n > 0 {
		err = k.rows.Sync()
	}
	if err != nil {
		return fmt.Errorf("write the differences to %s: %w", k.rows.Name(), err)
	}
	return nil
}

func (k *keeper) close() error {
	if k.rows == nil {
		return nil
	}
	if err := k.rows.Close(); err != nil {
		return fmt.Errorf("write the differences to %s: %w", k.rows.Name(), err)
	}
	return nil
}
