/** How often a device checks in: every eight hours, as MDM devices do in their steady state. */
export const checkInSeconds = 8 * 3600
