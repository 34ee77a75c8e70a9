package output

// WriteFile writes a file whole, or not at all, as [Outputs.Open] and Commit do,
// and waits until it is on the disk: such files are small and not made again with
// ease.
func (o *Outputs) WriteFile(path string, data []byte) error {
	target, err := o.Open(path)
	if err != nil {
		return err
	}
	defer target.Abort()
	target.Durable = true
	target.Write(data) // Commit returns its error
	return target.Commit()
}
