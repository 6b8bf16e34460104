// SPDX-License-Identifier: Apache-2.0
/** The commands of {@code jnsctl} that send one request to the daemon, and how a request is sent. */
package org.jns.jnsctl.requests;
