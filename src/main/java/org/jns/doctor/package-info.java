// SPDX-License-Identifier: Apache-2.0
/** Judges an installation: what was seen of a machine to what is wrong with it. Looks at nothing itself. */
package org.jns.doctor;
