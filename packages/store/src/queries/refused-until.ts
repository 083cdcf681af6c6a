/**
 * Days after its task's deadline for which what the vault refused is sent again, and kept from the archive: beyond the
 * vault's longest window, the 30 days for a ruling, nothing that was refused can be taken any more.
 */
export const REFUSED_FOR_DAYS = 40;
