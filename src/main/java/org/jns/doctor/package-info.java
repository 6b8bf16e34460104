// SPDX-License-Identifier: Apache-2.0
/** Judges an installation: turns observed facts about a machine into findings. It reads nothing itself. */
package org.jns.doctor;
