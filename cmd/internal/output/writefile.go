package output

import "context"

// WriteFile writes a file whole, or not at all, as [Open] and Commit do.
func WriteFile(ctx context.Context, path string, data []byte) error {
	target, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer target.Abort()
	target.Write(data) // Commit tells of what fails here
	return target.Commit()
}
