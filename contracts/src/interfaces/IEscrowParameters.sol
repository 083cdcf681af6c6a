// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What governance sets for escrows to come
/// @notice An escrow keeps the court, the fee and the damages it was funded under.
interface IEscrowParameters {
    struct Parameters {
        /// @dev Rules on what is disputed.
        address court;
        /// @dev Holds the nodes' stakes that a ruling reaches; zero where there are none.
        address stakes;
        address feeRecipient;
        /// @dev The platform's fee, in basis points of what the provider is paid and on top of it.
        uint16 feeBps;
        /// @dev What a ruling for the requester takes from the node's stake, in basis points of what is refunded.
        uint16 damagesBps;
        /// @dev Seconds; no escrow gives its requester less to look at a delivery.
        uint64 minApprovalWindow;
    }

    event ParametersSet(Parameters parameters);

    error ZeroAddress();
    error FeeOverMaximum(uint16 feeBps, uint16 maximum);
    error DamagesOverMaximum(uint16 damagesBps, uint16 maximum);
    error WindowOverMaximum(uint64 window, uint64 maximum);

    /// @notice Sets the parameters of escrows funded from now on. For whoever holds the role.
    function setParameters(Parameters calldata given) external;

    function parameters() external view returns (Parameters memory);

    function MAX_FEE_BPS() external view returns (uint16);

    function MAX_DAMAGES_BPS() external view returns (uint16);

    /// @notice What `minApprovalWindow` can be at most.
    function MAX_MIN_APPROVAL_WINDOW() external view returns (uint64);
}
