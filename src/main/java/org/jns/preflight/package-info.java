// SPDX-License-Identifier: Apache-2.0
/** Plans the logins of real people by rules that are not in force yet, and finds out what this kernel cannot do of them. */
package org.jns.preflight;
