// SPDX-License-Identifier: Apache-2.0
/** The messages between the module and the daemon, as values. {@link Codec} describes the format. */
package org.jns.wire;
