package devices

// Tallied is how many devices of one kind had one answer: devices whose cells
// are alike but for what names the single device, such as its id.
type Tallied struct {
	// Device is one of them; its ID and On mean nothing. A malformed row has
	// none.
	Device Device
	// Result is the answer. Its Installation.On is the day given for all by
	// [Judge.On]; without one it means nothing.
	Result Result
	// Devices counts them.
	Devices int
	// Pence is what they cost together, where their cost is read; Costless are
	// those whose cost is blank or cannot be read.
	Pence    int64
	Costless int
}

// costs is what the rows of each answer of a profile cost.
type costs struct {
	pence    int64
	costless int
}

// add counts the cost in a cell.
func (c *costs) add(cell string) {
	pence, err := ParsePence(cell)
	if err != nil {
		c.costless++
		return
	}
	c.pence += pence
}
